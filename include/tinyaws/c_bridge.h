// For ports that are written in C++ and serve programs in C: the interfaces, and views, under their names in C.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/c_credentials.h"
#include "tinyaws/c_port.h"
#include "tinyaws/c_status.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws::c {

/// A pointer in C to an interface is a pointer to the interface: nothing is made, both live as long as each other.
inline tinyaws_transport* to_c(Transport& transport) {
  return reinterpret_cast<tinyaws_transport*>(&transport);
}
inline tinyaws_platform* to_c(Platform& platform) {
  return reinterpret_cast<tinyaws_platform*>(&platform);
}
inline tinyaws_files* to_c(Files* files) {
  return reinterpret_cast<tinyaws_files*>(files);
}
inline tinyaws_processes* to_c(Processes* processes) {
  return reinterpret_cast<tinyaws_processes*>(processes);
}
/// No function of an environment changes it; C has no use for a second, constant kind of pointer.
inline tinyaws_environment* to_c(const Environment& environment) {
  return reinterpret_cast<tinyaws_environment*>(const_cast<Environment*>(&environment));
}
inline tinyaws_credentials_provider* to_c(CredentialsProvider& provider) {
  return reinterpret_cast<tinyaws_credentials_provider*>(&provider);
}
inline tinyaws_board to_c(const Board& board) {
  return {to_c(board.platform), to_c(board.environment), to_c(board.files), to_c(board.processes)};
}
inline tinyaws_str to_c(Str text) {
  return {text.data(), text.size()};
}
inline tinyaws_status to_c(Status status) {
  return static_cast<tinyaws_status>(status);
}

/// And back.
inline Transport& from_c(tinyaws_transport* transport) {
  return *reinterpret_cast<Transport*>(transport);
}
inline Platform& from_c(tinyaws_platform* platform) {
  return *reinterpret_cast<Platform*>(platform);
}
inline const Environment& from_c(const tinyaws_environment* environment) {
  return *reinterpret_cast<const Environment*>(environment);
}
inline CredentialsProvider& from_c(tinyaws_credentials_provider* provider) {
  return *reinterpret_cast<CredentialsProvider*>(provider);
}
inline const CredentialsProvider& from_c(const tinyaws_credentials_provider* provider) {
  return *reinterpret_cast<const CredentialsProvider*>(provider);
}
inline Board from_c(const tinyaws_board& board) {
  return {from_c(board.platform), from_c(board.environment), reinterpret_cast<Files*>(board.files),
          reinterpret_cast<Processes*>(board.processes)};
}
inline Str from_c(tinyaws_str text) {
  return {text.data, text.size};
}

}  // namespace tinyaws::c
