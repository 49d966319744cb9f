// A program in a process of its own. Without posix_spawn, which allocates.
#pragma once

namespace tinyaws::posix {

/// Starts words[0], which is looked for in PATH when it has no slash, with these words and this environment. Nothing
/// is read by it, `output` is its standard output, no signal is ignored or blocked. 0, or errno: then there is no
/// child.
int start_program(char* const* words, int output, int& child);

/// As waitpid, however often it is interrupted.
int wait_for(int child, int options, int& how);

}  // namespace tinyaws::posix
