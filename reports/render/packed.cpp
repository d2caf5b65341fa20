#include "reports/render/packed.hpp"

#include <zlib.h>

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <limits>

#include "sim/kernel/check.hpp"

namespace premortem {

namespace {

std::string gzip(const std::string& text) {
  constexpr int with_gzip_header = 16;
  PREMORTEM_CHECK(text.size() < std::numeric_limits<uInt>::max(), "a history that zlib takes in one go");
  z_stream stream{};
  PREMORTEM_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + with_gzip_header, 8,
                               Z_DEFAULT_STRATEGY) == Z_OK,
                  "zlib begins");
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  // zlib only reads what it is given here, but its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  PREMORTEM_CHECK(ended == Z_STREAM_END, "zlib ends");
  return out;
}

}  // namespace

std::string packed(const std::string& text) { return base64(gzip(text)); }

std::string base64(std::string bytes) {
  using boost::archive::iterators::base64_from_binary;
  using boost::archive::iterators::transform_width;
  using Letters = base64_from_binary<transform_width<std::string::const_iterator, 6, 8>>;
  const std::size_t padding = (3 - bytes.size() % 3) % 3;
  bytes.append(padding, '\0');  // The iterator reads groups of three.
  std::string out(Letters(bytes.cbegin()), Letters(bytes.cend()));
  out.replace(out.size() - padding, padding, padding, '=');
  return out;
}

}  // namespace premortem
