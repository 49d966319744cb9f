// Why a socket of a look-up could not be had.
#pragma once

namespace tinyaws::posix {

/// Among values of errno: the random generator has failed.
constexpr int kNoRandomNumbers = -1;

/// Whether the cause is here, so that another server would not help.
bool is_lack_of_means(int error);

}  // namespace tinyaws::posix
