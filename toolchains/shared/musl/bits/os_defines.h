// In place of the file of this name in libstdc++, which asks for a version of glibc.
#ifndef _GLIBCXX_OS_DEFINES
#define _GLIBCXX_OS_DEFINES 1

// Keeps isalnum and its like from being macros.
#define __NO_CTYPE 1

#undef _GLIBCXX_HAVE_GETS
#define _GLIBCXX_NO_OBSOLETE_ISINF_ISNAN_DYNAMIC 1
#define _GLIBCXX_NATIVE_THREAD_ID pthread_self()
#define _GLIBCXX_GTHREAD_USE_WEAK 0

// glibc's name for a type that musl has, too.
#define __locale_t locale_t

// Classes of characters, as the tables in a little-endian libstdc++.a have them.
#define _ISblank 0x0001
#define _IScntrl 0x0002
#define _ISpunct 0x0004
#define _ISupper 0x0100
#define _ISlower 0x0200
#define _ISalpha 0x0400
#define _ISdigit 0x0800
#define _ISxdigit 0x1000
#define _ISspace 0x2000
#define _ISprint 0x4000

#endif
