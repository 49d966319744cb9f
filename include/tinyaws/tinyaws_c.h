/* tinyaws for programs in C: the same library, object by object and function by function. C99, and C++.
 *
 *   c_status.h        text, times, how calls end
 *   c_http.h          headers, bodies, the response, errors as data
 *   c_port.h          what a board provides, as tables of functions; system_c.h of port/system has it all for Linux
 *   c_credentials.h   who signs: given, environment, the default chain, the program's own
 *   c_sigv4.h         signing alone, in headers and in URLs
 *   c_client.h        the blocking client
 *   c_async_client.h  many requests at once, in the program's own loop
 *
 * The rules are those of tinyaws.h: nothing allocates; nothing waits but the platform's `wait`; views belong to
 * whoever made them; one object is used by one thread at a time; there is no global state. Objects are allocated by
 * the caller, and their sizes are those of the library that this header was installed with (c_sizes.h). A null
 * pointer is fine only where that is said. What C++ has as tinyaws::Client::fetch is tinyaws_client_fetch here,
 * Status::kTruncated is TINYAWS_TRUNCATED.
 *
 * Link tinyaws_system_c (or tinyaws_c and a port of your own) with the C compiler alone. */
#ifndef TINYAWS_TINYAWS_C_H
#define TINYAWS_TINYAWS_C_H

#include "tinyaws/c_async_client.h"
#include "tinyaws/c_client.h"
#include "tinyaws/c_credentials.h"
#include "tinyaws/c_http.h"
#include "tinyaws/c_port.h"
#include "tinyaws/c_sigv4.h"
#include "tinyaws/c_status.h"

#endif
