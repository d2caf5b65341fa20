// Any bytes through the codec: cut into frames, decoded, described, encoded again.
#include <cstdlib>

#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/codec.hpp"
#include "fakes/wire/amqp/transcript.hpp"
#include "tests/fuzz/targets.hpp"

namespace premortem::testing {

using namespace fakes::amqp;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void try_method(std::string_view payload) {
  Reader reader{payload};
  const Method* method = find_method(static_cast<std::uint32_t>(reader.number(4)));
  MethodCall call, again;
  if (method == nullptr || !decode_arguments(*method, reader.rest, call)) return;
  std::string out;
  put_method(out, 1, call);
  must(decode_arguments(*method, std::string_view(out).substr(11, out.size() - 12), again));
  for (std::size_t at = 0; at < method->count; ++at) {
    must(call.number(at) == again.number(at) && call.text(at) == again.text(at));
  }
}

void try_header(std::string_view payload) {
  ContentHeader header;
  Properties properties;
  if (!decode_header(payload, header) || !decode_properties(header.properties, properties)) return;
  std::string out;
  PropertyChanges changes;
  changes.delivery_count = 3;
  changes.without_expiration = true;
  if (!properties.raw[Properties::headers].empty())
    changes.added_headers = properties.raw[Properties::headers].substr(4);
  put_header(out, 1, header.body_size, header.properties, changes);
  must(decode_header(std::string_view(out).substr(7, out.size() - 8), header));
  must(decode_properties(header.properties, properties));
  must(properties.raw[Properties::expiration].empty());
}

}  // namespace

void fuzz_amqp_frames(std::string_view bytes) {
  FrameReader frames(4096);
  frames.feed(bytes);
  Frame frame;
  while (frames.next(frame) == FrameReader::Outcome::frame) {
    if (frame.type == Frame::method) try_method(frame.payload);
    if (frame.type == Frame::header) try_header(frame.payload);
  }
  std::size_t whole = 0, cut = 0;
  Transcript at_once("C"), by_byte("C");
  at_once.feed(bytes, [&](const std::string& line) { whole += line.size(); });
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    by_byte.feed(bytes.substr(at, 1), [&](const std::string& line) { cut += line.size(); });
  }
  must(whole == cut);
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_amqp_frames({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
