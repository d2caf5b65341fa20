#include "fakes/pacing/base64.hpp"

#include <algorithm>
#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/binary_from_base64.hpp>
#include <boost/archive/iterators/dataflow_exception.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <stdexcept>

namespace premortem::fakes {

namespace iterators = boost::archive::iterators;

std::string to_base64(std::string_view bytes) {
  using Letters = iterators::base64_from_binary<iterators::transform_width<std::string::const_iterator, 6, 8>>;
  const std::size_t padding = (3 - bytes.size() % 3) % 3;
  std::string padded(bytes);
  padded.append(padding, '\0');  // The iterator reads groups of three.
  std::string out(Letters(padded.cbegin()), Letters(padded.cend()));
  out.replace(out.size() - padding, padding, padding, '=');
  return out;
}

std::string from_base64(std::string_view text) {
  using Bytes = iterators::transform_width<iterators::binary_from_base64<std::string::const_iterator>, 8, 6>;
  const std::size_t end = text.find_last_not_of('=');
  const std::size_t letters = end == std::string_view::npos ? 0 : end + 1;
  if (text.size() % 4 != 0 || text.size() - letters > 2 || text.substr(0, letters).find('=') != std::string_view::npos)
    throw std::runtime_error("this is no base64");
  std::string padded(text.substr(0, letters));
  padded.append(text.size() - letters, 'A');  // Padding decodes to zero bytes, which are cut off.
  try {
    std::string out(Bytes(padded.cbegin()), Bytes(padded.cend()));
    out.resize(out.size() - (text.size() - letters));
    return out;
  } catch (const iterators::dataflow_exception&) {
    throw std::runtime_error("this is no base64");
  }
}

}  // namespace premortem::fakes
