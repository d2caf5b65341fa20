#pragma once
// What can be set about MongoDB connections. The defaults are the server's.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fakes/wire/mongo/scram.hpp"

namespace premortem::fakes {

struct MongoConfig {
  /// Where clients can reach this server: they connect to what hello calls `hosts`, `me` and `primary`.
  std::string host = "127.0.0.1";
  std::uint16_t port = 27017;
  /// Whom clients have to prove to be; null: nobody has to.
  std::shared_ptr<const mongo::ScramUsers> users;
  /// Offered to clients that ask for one of them.
  std::vector<std::string> compressors = {"snappy", "zstd", "zlib"};
  /// Twelve bytes; another process has others, so that clients notice a restart.
  std::string process_id = "premortem-01";
  std::size_t max_message = 48'000'000;               ///< Bytes with header, on the wire and decompressed.
  std::size_t max_pending_output = 64 * 1024 * 1024;  ///< Bytes unsent; beyond them nothing more is read.
  std::size_t max_unread = 1024 * 1024;               ///< Bytes kept behind a command that is being carried out.
  std::uint16_t peer_port = 0;                        ///< For people, where a client does not name itself.
};

}  // namespace premortem::fakes
