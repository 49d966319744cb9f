// A program in a process of its own. Without posix_spawn, which allocates.
#pragma once

namespace tinyaws::posix {

/// A pipe that no other program gets, behind the standard descriptors: this process may have closed its own, and the
/// program's will be there. 0, or errno.
int make_pipe(int (&ends)[2]);
void close_pipe(const int (&ends)[2]);

/// Starts words[0], which is looked for in PATH when it has no slash, with these words and this environment. Nothing
/// is read by it, `output` is its standard output, no signal is ignored or blocked. 0, or errno: then there is no
/// child.
int start_program(char* const* words, int output, int& child);

/// As waitpid, however often it is interrupted.
int wait_for(int child, int options, int& how);

}  // namespace tinyaws::posix
