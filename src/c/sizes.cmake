# Writes the header with the sizes of objects, for C, from an object file that has its lines as text (c_measure.h):
#
#   cmake -DOBJECT=sizes.cpp.o -DHEADER=c_sizes.h -P sizes.cmake
#
# Nothing is run, so that it does for every target and compiler; the lines are what the target's compiler says.
cmake_minimum_required(VERSION 3.16)
file(STRINGS ${OBJECT} strings REGEX "#define TINYAWS_[A-Z_]+_BYTES +[0-9]+")
set(text "/* Written when the library was built: the sizes of its objects, in bytes. Include tinyaws_c.h instead. */\n")
set(count 0)
foreach(string IN LISTS strings)
  string(REGEX MATCH "#define (TINYAWS_[A-Z_]+_BYTES) +([0-9]+)" line "${string}")
  string(APPEND text "#define ${CMAKE_MATCH_1} ${CMAKE_MATCH_2}\n")
  math(EXPR count "${count} + 1")
endforeach()
if(count EQUAL 0)
  message(FATAL_ERROR "${OBJECT} has no sizes: it must be compiled without link-time optimisation")
endif()
file(WRITE ${HEADER} "${text}")
