#include "sim/models/document_server/update_description.hpp"

// Source: MongoDB manual, "update Event", "Array Updates"; mongodb/mongo, src/mongo/db/update: update_array_node.cpp,
// push_node.cpp, addtoset_node.cpp (what operators log of arrays). The order of fields is ours.

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

namespace premortem {

using bson::Value;

namespace {

/// Where operators have been, as a tree of names.
struct TouchedPlace {
  bool ends = false;  ///< A path ends here: the value is told as a whole.
  std::vector<std::pair<std::string, std::unique_ptr<TouchedPlace>>> below;  ///< As they came.
  std::map<std::string, std::size_t> known;                                  ///< Their places in it.

  TouchedPlace& at(const std::string& name) {
    const auto [place, is_new] = known.emplace(name, below.size());
    if (is_new) below.emplace_back(name, std::make_unique<TouchedPlace>());
    return *below[place->second].second;
  }
};

/// A field of a document, or the element of an array by its number; null: it is not there.
const Value* member(const Value& value, const std::string& name) {
  if (!value.is_array()) return value.find(name);
  std::size_t at = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), at);
  const bool is_number = error == std::errc() && end == name.data() + name.size();
  return is_number && at < value.elements().size() ? &value.elements()[at] : nullptr;
}

class UpdateDescription {
 public:
  Value told() const {
    return bson::doc({{"updatedFields", updated_}, {"removedFields", removed_}, {"truncatedArrays", truncated_}});
  }

  /// First what changed, then what is new, then what lies deeper.
  void tell(const std::string& path, const Value& before, const Value& after, const TouchedPlace& touched) {
    for (const bool is_new : {false, true}) {
      for (const auto& [name, place] : touched.below) {
        const Value *old = member(before, name), *now = member(after, name);
        if ((old == nullptr) != is_new || (!place->ends && old != nullptr)) continue;
        if (now == nullptr) {
          if (old != nullptr) removed_.push_back(Value::string(below(path, name)));
        } else if (old == nullptr || !old->identical(*now)) {
          updated_.append(below(path, name), *now);
        }
      }
    }
    for (const auto& [name, place] : touched.below) {
      const Value *old = member(before, name), *now = member(after, name);
      if (place->ends || old == nullptr) continue;
      if (now == nullptr) {
        removed_.push_back(Value::string(below(path, name)));
      } else {
        tell(below(path, name), *old, *now, *place);
      }
    }
  }

  void tell_differences(const std::string& path, const Value& before, const Value& after) {
    for (const bson::Field& field : before.fields()) {
      if (!after.has(field.name)) removed_.push_back(Value::string(below(path, field.name)));
    }
    for (const bson::Field& field : after.fields()) {
      const Value* old = before.find(field.name);
      if (old != nullptr && old->identical(field.value)) continue;
      const std::string place = below(path, field.name);
      if (old != nullptr && old->is_document() && field.value.is_document()) {
        tell_differences(place, *old, field.value);
      } else if (old != nullptr && old->is_array() && field.value.is_array() && !field.value.elements().empty() &&
                 old->elements().size() >= field.value.elements().size()) {
        tell_elements(place, old->elements(), field.value.elements());
      } else {
        updated_.append(place, field.value);
      }
    }
  }

 private:
  static std::string below(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }

  /// Of an array that is no longer than it was.
  void tell_elements(const std::string& path, const std::vector<Value>& before, const std::vector<Value>& after) {
    for (std::size_t at = 0; at < after.size(); ++at) {
      if (!before[at].identical(after[at])) updated_.append(path + "." + std::to_string(at), after[at]);
    }
    if (after.size() == before.size()) return;
    truncated_.push_back(bson::doc(
        {{"field", Value::string(path)}, {"newSize", Value::int32(static_cast<std::int32_t>(after.size()))}}));
  }

  Value updated_ = Value::document(), removed_ = Value::array(), truncated_ = Value::array();
};

}  // namespace

Value describe_update(const Value& before, const Value& after, const std::vector<std::string>& touched) {
  UpdateDescription description;
  if (touched.empty()) {
    description.tell_differences("", before, after);
    return description.told();
  }
  TouchedPlace root;
  for (const std::string& path : touched) {
    TouchedPlace* place = &root;
    for (std::size_t from = 0; from <= path.size();) {
      const std::size_t dot = std::min(path.find('.', from), path.size());
      place = &place->at(path.substr(from, dot - from));
      from = dot + 1;
    }
    place->ends = true;
  }
  description.tell("", before, after, root);
  return description.told();
}

}  // namespace premortem
