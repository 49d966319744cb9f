// What a program has open.
#pragma once

#include <dirent.h>

/// More by the same number each time than there really are.
inline int count_descriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return -1;
  int count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}
