// Any bytes as a document: refused, or read, measured, ordered, printed and written again.
#include <cstdlib>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "tests/fuzz/targets.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

void holds(bool condition) {
  if (!condition) std::abort();
}

int sign_of_order(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

void try_order(const Value& left, const Value& right) {
  const int order = sign_of_order(compare(left, right));
  holds(order == -sign_of_order(compare(right, left)));
  holds(order == sign_of_order(key_string(left).compare(key_string(right))));
}

}  // namespace

void fuzz_bson_document(std::string_view bytes) {
  if (find_fault(bytes)) return;
  const Value document = decode(bytes);
  const std::string again = encode(document);
  holds(again.size() == encoded_size(document));
  holds(!find_fault(again));
  holds(decode(again).identical(document));
  holds(depth(document) <= depth_max);
  holds(!find_fault(again, depth(document)) && find_fault(again, depth(document) - 1));
  holds(!to_shell(document).empty());
  const Value* before = nullptr;
  for (const Field& field : document.fields()) {
    holds(decode_field(bytes, field.name).identical(document[field.name]));
    if (before != nullptr) try_order(*before, field.value);
    before = &field.value;
  }
  try_order(document, document);
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_bson_document({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
