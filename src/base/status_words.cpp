#include "base/ascii.h"
#include "tinyaws/status.h"

namespace tinyaws {
namespace {

// In the order of the enumeration, one a line: pointers to each would cost more than the search.
constexpr char kWords[] =
    "success\n"
    "not finished yet\n"
    "a value that can't be sent or signed\n"
    "the buffer given is too small\n"
    "more headers than TINYAWS_MAX_HEADERS allows\n"
    "the request's head does not fit the connection's buffer\n"
    "at work on another call\n"
    "the call was cancelled\n"
    "not found\n"
    "not supported by this build or port\n"
    "the source of the request's body failed or ended early\n"
    "the response's body could not be stored\n"
    "no credentials, or incomplete ones\n"
    "no region is given or configured\n"
    "it is not known what time it is\n"
    "the crypto library or the random generator failed\n"
    "a file could not be read\n"
    "a line of a shared file is malformed\n"
    "a value is longer than its limit\n"
    "the profile is in neither of the shared files\n"
    "the profile is incomplete or contradicts itself\n"
    "a part of the credentials is missing\n"
    "the source of credentials answered with an error\n"
    "the source of credentials did not answer\n"
    "the source of credentials gave a malformed answer\n"
    "the credentials have expired and no newer ones could be had\n"
    "the credential process failed\n"
    "the host name could not be resolved\n"
    "no address of the host accepted the connection\n"
    "TLS failed\n"
    "the server's certificate was rejected\n"
    "the server closed the connection without a complete answer\n"
    "no connection within the time limit\n"
    "no TLS session within the time limit\n"
    "no answer within the time limit\n"
    "no byte moved within the time limit\n"
    "no complete answer within the time limit of one attempt\n"
    "the call took longer than its time limit\n"
    "the answer's status line or header fields are malformed\n"
    "NUL or a bare CR in the answer's header\n"
    "the answer's Content-Length is not a number\n"
    "the answer's length is given twice\n"
    "the answer has a transfer coding other than chunked\n"
    "the answer's chunked body is malformed\n"
    "the answer ended early\n"
    "the answer's head does not fit the connection's buffer\n"
    "more trailer fields than TINYAWS_MAX_TRAILER_BYTES allows\n"
    "more chunk extensions than TINYAWS_MAX_CHUNK_EXTENSION_BYTES allows\n"
    "more interim answers than TINYAWS_MAX_INTERIM_RESPONSES allows\n"
    "the server switched protocols without being asked\n"
    "the service answered with an error\n";

constexpr size_t count_lines(const char* text) {
  size_t lines = 0;
  for (; *text != '\0'; ++text) lines += *text == '\n';
  return lines;
}
static_assert(count_lines(kWords) == static_cast<size_t>(Status::kServiceError) + 1, "a line for each status");

}  // namespace

Str describe(Status status) {
  return nth_part(kWords, static_cast<size_t>(status), '\n');
}

}  // namespace tinyaws
