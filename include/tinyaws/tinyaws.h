// tinyaws: a minimal AWS client for devices. Everything of the core; read this first.
//
// The way of a request, and the header that explains each step:
//
//   ApiRequest --> canonical request --> Signature --> Exchange ==bytes==> Transport
//   api_call.h     sigv4.h, streamed into SHA-256      exchange.h          port.h
//   Response   <-- status, fields, body     <--------- Exchange <=bytes=== Transport
//   http.h
//
// - client.h      Client: send a signed request and wait for the answer. Start here.
// - default_credentials.h  Credentials, region and endpoint from wherever this machine has them: the usual choice.
// - async_client.h, client_storage.h  AsyncClient: many requests at once over a fixed table, in any program's loop.
// - api_call.h    What can be asked for, and what is tried again.
// - error_info.h  What a service says when it refuses; explain.h why a signature was not accepted.
// - service_clock.h  What the time is, as services have it; devices without a clock.
// - destination.h, endpoint.h, settings.h, profile.h  Where a request goes: region, endpoint, and who may say so.
// - credentials.h What credentials are, and who provides them. One header a source, to be put together otherwise:
//     providers.h (given, environment, a chain), profile_credentials.h, sts_credentials.h, container_credentials.h,
//     instance_metadata.h, iot_credentials.h; cached_credentials.h in front of what expires.
//   For a source of your own: document_source.h, document_call.h, sts_call.h, form.h.
// - http.h        Requests, responses and bodies, from memory or streamed.
// - sigv4.h       The signer alone: for programs with an HTTP client of their own.
// - connection.h  Driving one connection by hand: step, interest, deadlines; time limits and the observer.
// - call.h, exchange.h  What runs on a connection: scripts of exchanges, and the HTTP/1.1 engine.
// - port.h, sha256.h    What a board has to provide.
// - status.h, bytes.h, time.h, config.h  Results, views, clocks, and every limit with its cost.
//
// Rules that hold everywhere: nothing allocates, throws or blocks, except that Client waits in Platform::wait; views
// belong to whoever made them; a Status may not be ignored; one object is used by one thread at a time, and there is
// no global state.
#pragma once

#include "tinyaws/api_call.h"
#include "tinyaws/async_client.h"
#include "tinyaws/backoff.h"
#include "tinyaws/bytes.h"
#include "tinyaws/cached_credentials.h"
#include "tinyaws/call.h"
#include "tinyaws/client.h"
#include "tinyaws/client_storage.h"
#include "tinyaws/config.h"
#include "tinyaws/connection.h"
#include "tinyaws/container_credentials.h"
#include "tinyaws/credentials.h"
#include "tinyaws/default_credentials.h"
#include "tinyaws/destination.h"
#include "tinyaws/document_call.h"
#include "tinyaws/document_source.h"
#include "tinyaws/endpoint.h"
#include "tinyaws/error_info.h"
#include "tinyaws/exchange.h"
#include "tinyaws/explain.h"
#include "tinyaws/form.h"
#include "tinyaws/http.h"
#include "tinyaws/instance_metadata.h"
#include "tinyaws/iot_credentials.h"
#include "tinyaws/port.h"
#include "tinyaws/profile.h"
#include "tinyaws/profile_credentials.h"
#include "tinyaws/providers.h"
#include "tinyaws/service_clock.h"
#include "tinyaws/settings.h"
#include "tinyaws/sha256.h"
#include "tinyaws/sigv4.h"
#include "tinyaws/status.h"
#include "tinyaws/sts_call.h"
#include "tinyaws/sts_credentials.h"
#include "tinyaws/time.h"
