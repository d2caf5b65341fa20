// Stages with pipelines or documents of their own: $facet, $unionWith, $documents.
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/stage_lookup.hpp"

namespace premortem::query::staging {

namespace {

struct FacetStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  std::vector<std::pair<std::string, std::vector<StagePointer>>> facets;
};

class FacetTaker final : public Taker {
 public:
  FacetTaker(const FacetStage& stage, Run& run, Taker& next) : run_(run), next_(next) {
    for (const auto& [name, stages] : stage.facets) parts_.push_back(std::make_unique<Part>(name, stages, run));
  }
  bool take(Value document) override {
    run_.copy(document);
    bool wanted = false;
    for (const auto& part : parts_) {
      if (part->open) part->open = part->chain.head().take(document);
      wanted = wanted || part->open;
    }
    return wanted;
  }
  void finish() override {
    Value result = Value::document();
    for (const auto& part : parts_) {
      part->chain.head().finish();
      result.append(part->name, std::move(part->end.array));
    }
    expressing::weigh(result);
    next_.take(std::move(result));
    next_.finish();
  }

 private:
  struct Part {
    Part(const std::string& facet, const std::vector<StagePointer>& stages, Run& run)
        : name(facet), end(run), chain(stages, run, end) {}
    const std::string name;
    ArrayEnd end;
    Chain chain;
    bool open = true;
  };
  Run& run_;
  Taker& next_;
  std::vector<std::unique_ptr<Part>> parts_;
};

std::unique_ptr<Taker> FacetStage::start(Run& run, Taker& next) const {
  return std::make_unique<FacetTaker>(*this, run, next);
}

struct UnionStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  std::optional<std::uint64_t> needs(std::optional<std::uint64_t> wanted) const override { return wanted; }
  std::string collection;
  std::vector<StagePointer> stages;
};

/// Lets documents of a pipeline within through, but not its end.
class Through final : public Taker {
 public:
  explicit Through(Taker& next) : next_(next) {}
  bool take(Value document) override { return next_.take(std::move(document)); }
  void finish() override {}

 private:
  Taker& next_;
};

class UnionTaker final : public Taker {
 public:
  UnionTaker(const UnionStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    return wanted_ = next_.take(std::move(document));
  }
  void finish() override {
    Through through(next_);
    if (wanted_) run_on_collection(stage_.collection, stage_.stages, run_, through);
    next_.finish();
  }

 private:
  const UnionStage& stage_;
  Run& run_;
  Taker& next_;
  bool wanted_ = true;
};

std::unique_ptr<Taker> UnionStage::start(Run& run, Taker& next) const {
  return std::make_unique<UnionTaker>(*this, run, next);
}

struct DocumentsStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  bool makes_documents() const override { return true; }
  std::vector<Value> documents;
};

class DocumentsTaker final : public Taker {
 public:
  DocumentsTaker(const DocumentsStage& stage, Taker& next) : stage_(stage), next_(next) {}
  bool take(Value) override { return false; }
  void finish() override {
    for (const Value& document : stage_.documents) {
      if (!next_.take(document)) break;
    }
    next_.finish();
  }

 private:
  const DocumentsStage& stage_;
  Taker& next_;
};

std::unique_ptr<Taker> DocumentsStage::start(Run&, Taker& next) const {
  return std::make_unique<DocumentsTaker>(*this, next);
}

constexpr std::string_view not_in_facet[] = {"$facet",        "$out",        "$merge",     "$documents",     "$geoNear",
                                             "$changeStream", "$indexStats", "$collStats", "$planCacheStats"};

}  // namespace

void parse_facet(const std::string&, const Value& operand, const Surroundings& surroundings,
                 std::vector<StagePointer>& stages) {
  if (!operand.is_document() || operand.fields().empty())
    fail(40169, "the $facet specification must be a non-empty object, but found: " +
                    bson::to_shell(bson::doc({{"$facet", operand}})));
  auto facet = std::make_shared<FacetStage>();
  for (const bson::Field& field : operand.fields()) {
    expressing::check_field_name(field.name);
    if (!field.value.is_array())
      fail(40170, "arguments to $facet must be arrays, " + field.name + " is type " + expressing::type_of(field.value));
    for (const Value& stage : field.value.elements()) {
      if (!stage.is_document())
        fail(40171, "elements of arrays in $facet spec must be non-empty objects, " + field.name +
                        " argument contained an element of type " + expressing::type_of(stage) + ": " +
                        bson::to_shell(stage));
      for (const std::string_view name : not_in_facet) {
        if (stage.has(name)) fail(40600, std::string(name) + " is not allowed to be used within a $facet stage");
      }
    }
    const Surroundings inner{surroundings.context, false, true, surroundings.depth + 1, surroundings.is_trial};
    facet->facets.emplace_back(field.name, parse_stages(field.value, inner, nullptr));
  }
  stages.push_back(std::move(facet));
}

void parse_union_with(const std::string&, const Value& operand, const Surroundings& surroundings,
                      std::vector<StagePointer>& stages) {
  auto stage = std::make_shared<UnionStage>();
  Value pipeline = Value::array();
  if (operand.is_string()) {
    stage->collection = operand.as_text();
  } else if (operand.is_document()) {
    for (const bson::Field& field : operand.fields()) {
      if (field.name == "coll" && field.value.is_string()) {
        stage->collection = field.value.as_text();
      } else if (field.name == "pipeline" && field.value.is_array()) {
        pipeline = field.value;
      } else if (field.name == "coll" || field.name == "pipeline") {
        fail(code::type_mismatch, "BSON field '$unionWith." + field.name + "' is the wrong type '" +
                                      expressing::type_of(field.value) + "', expected type '" +
                                      (field.name == "coll" ? "string" : "array") + "'");
      } else {
        fail(40415, "BSON field '$unionWith." + field.name + "' is an unknown field.");
      }
    }
  } else {
    fail(code::failed_to_parse,
         "the $unionWith stage specification must be an object or string, but found " + expressing::type_of(operand));
  }
  const std::vector<Value>& inner = pipeline.elements();
  if (stage->collection.empty() && (inner.empty() || !inner[0].has("$documents")))
    fail(code::failed_to_parse,
         "$unionWith stage without explicit collection must have a pipeline with $documents as "
         "first stage");
  stage->stages = parse_stages(
      pipeline, {surroundings.context, false, false, surroundings.depth + 1, surroundings.is_trial}, nullptr);
  stages.push_back(std::move(stage));
}

void parse_documents(const std::string&, const Value& operand, const Surroundings& surroundings,
                     std::vector<StagePointer>& stages) {
  auto stage = std::make_shared<DocumentsStage>();
  const AggregateExpression made = AggregateExpression::parse(operand, surroundings.context);
  // Before the variables have values there are no documents; they are made when it is parsed with them.
  const Value list = surroundings.is_trial ? Value::array() : made.evaluate(Value::document());
  if (!list.is_array()) fail(5858203, "an array is expected");
  for (const Value& document : list.elements()) {
    if (!document.is_document())
      fail(40228,
           "'replacement document'  must evaluate to an object, but resulting value "
           "was: " +
               bson::to_shell(document) + ". Type of resulting value: '" + expressing::type_of(document) +
               "'. Input document: {}");
    stage->documents.push_back(document);
  }
  stages.push_back(std::move(stage));
}

}  // namespace premortem::query::staging
