// $redact: which parts of a document stay, decided part by part from the outside inwards.
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

namespace {

struct RedactStage final : EachStage {
  Value handle(Value document) const override {
    Variables variables;
    variables.root = &document;
    return redact(document, variables);
  }

  Value redact(const Value& part, Variables& variables) const {
    const Value* outer = variables.current;
    variables.current = &part;
    const Value verdict = decision.evaluate(variables);
    const std::string word = verdict.is_string() ? verdict.as_text() : "";
    Value result;
    if (word == "keep") {
      result = part;
    } else if (word == "descend") {
      result = descend(part, variables);
    } else if (word != "prune") {
      fail(17053,
           "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and "
           "$$PRUNE, but returned " +
               bson::to_shell(verdict));
    }
    variables.current = outer;
    return result;
  }

  Value descend(const Value& part, Variables& variables) const {
    Value result = Value::document();
    for (const bson::Field& field : part.fields()) {
      Value kept = descend_value(field.value, variables);
      if (!kept.is_missing()) result.append(field.name, std::move(kept));
    }
    return result;
  }

  Value descend_value(const Value& value, Variables& variables) const {
    if (value.is_document()) return redact(value, variables);
    if (!value.is_array()) return value;
    Value result = Value::array();
    for (const Value& element : value.elements()) {
      Value kept = descend_value(element, variables);
      if (!kept.is_missing()) result.push_back(std::move(kept));
    }
    return result;
  }

  AggregateExpression decision;
};

}  // namespace

void parse_redact(const std::string&, const Value& operand, const Surroundings& surroundings,
                  std::vector<StagePointer>& stages) {
  auto stage = std::make_shared<RedactStage>();
  stage->decision = AggregateExpression::parse(operand, surroundings.context);
  stages.push_back(std::move(stage));
}

}  // namespace premortem::query::staging
