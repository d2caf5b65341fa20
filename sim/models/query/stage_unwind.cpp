// $unwind: one document for each element of an array.
#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

namespace {

struct UnwindStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  std::vector<std::string> path, index_path;
  bool preserves = false;
};

class UnwindTaker final : public Taker {
 public:
  UnwindTaker(const UnwindStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}

  bool take(Value document) override {
    run_.step();
    Value value = document_value_at(document, stage_.path);
    if (value.is_array() && !value.elements().empty()) {
      std::vector<Value>& elements = value.elements();
      set_at_path(document, stage_.path, Value::null());  // The array need not be copied with every document.
      for (std::size_t at = 0; at < elements.size(); ++at) {
        run_.copy(document);
        Value made = document;
        set_at_path(made, stage_.path, std::move(elements[at]));
        if (!hand_on(std::move(made), Value::int64(static_cast<std::int64_t>(at)))) return false;
      }
      return true;
    }
    const bool is_nothing = value.is_array() || value.is_nullish();
    if (is_nothing && !stage_.preserves) return true;
    if (value.is_array()) set_at_path(document, stage_.path, Value());
    return hand_on(std::move(document), Value::null());
  }

  void finish() override { next_.finish(); }

 private:
  bool hand_on(Value document, Value index) {
    if (!stage_.index_path.empty()) set_at_path(document, stage_.index_path, std::move(index));
    return next_.take(std::move(document));
  }

  const UnwindStage& stage_;
  Run& run_;
  Taker& next_;
};

std::unique_ptr<Taker> UnwindStage::start(Run& run, Taker& next) const {
  return std::make_unique<UnwindTaker>(*this, run, next);
}

void set_unwind_path(UnwindStage& stage, const Value& path) {
  if (!path.is_string())
    fail(28808, "expected a string as the path for $unwind stage, got " + expressing::type_of(path));
  const std::string& text = path.as_text();
  if (text.empty()) fail(28812, "no path specified to $unwind stage");
  if (text[0] != '$') fail(28818, "path option to $unwind stage should be prefixed with a '$': " + text);
  stage.path = expressing::split_field_path(text.substr(1));
}

void set_unwind_option(UnwindStage& stage, const bson::Field& field) {
  if (field.name == "path") return set_unwind_path(stage, field.value);
  if (field.name == "preserveNullAndEmptyArrays") {
    if (!field.value.is(Type::boolean))
      fail(28809, "expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got " +
                      expressing::type_of(field.value));
    stage.preserves = field.value.as_boolean();
  } else if (field.name == "includeArrayIndex") {
    if (!field.value.is_string() || field.value.as_text().empty())
      fail(28810, "expected a non-empty string for the includeArrayIndex  option to $unwind stage, got " +
                      expressing::type_of(field.value));
    const std::string& text = field.value.as_text();
    if (text[0] == '$')
      fail(28822, "includeArrayIndex option to $unwind stage should not be prefixed with a '$': " + text);
    stage.index_path = expressing::split_field_path(text);
  } else {
    fail(28811, "unrecognized option to $unwind stage: " + field.name);
  }
}

}  // namespace

void parse_unwind(const std::string&, const Value& operand, const Surroundings&, std::vector<StagePointer>& stages) {
  auto stage = std::make_shared<UnwindStage>();
  if (operand.is_document()) {
    for (const bson::Field& field : operand.fields()) set_unwind_option(*stage, field);
  } else if (operand.is_string()) {
    set_unwind_path(*stage, operand);
  } else {
    fail(15981, "expected either a string or an object as specification for $unwind stage, got " +
                    expressing::type_of(operand));
  }
  if (stage->path.empty()) fail(28812, "no path specified to $unwind stage");
  stages.push_back(std::move(stage));
}

}  // namespace premortem::query::staging
