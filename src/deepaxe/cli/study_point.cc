#include "deepaxe/cli/study_point.h"

#include <fmt/format.h>

#include "deepaxe/base/input_error.h"
#include "deepaxe/explore/study_records.h"
#include "deepaxe/store/study.h"

namespace deepaxe::cli {
namespace {

store::PointRecord find_point(const store::Study& study, const std::string& key) {
  std::vector<store::PointRecord> found;
  for (store::PointRecord& point : study.points()) {
    if (point.key.starts_with(key)) found.push_back(std::move(point));
  }
  if (found.size() == 1) return found.front();
  throw base::InputError({study.path().string(), "--point " + key,
                          fmt::format("{} points whose key begins so", found.size()),
                          "one (the first column of deepaxe pareto)"});
}

// A name that the program of the study knew and this one does not.
template <typename Value>
Value known(const store::Study& study, std::optional<Value> value, const std::string& name) {
  if (value) return *value;
  throw base::InputError(
      {study.path().string(), "point", "'" + name + "'", "hardware that this program knows"});
}

// Of a design without exact layers any: it makes the same hardware.
hw::cost::Baseline baseline_of(const store::Study& study, const std::string& name) {
  if (name == store::kNoBaseline) return hw::cost::HardwareParams{}.baseline;
  return known(study, hw::cost::parse_baseline(name), name);
}

}  // namespace

StudyPoint load_study_point(const std::filesystem::path& path, const std::string& key,
                            const model::Int8Model& model) {
  const store::Study study = store::Study::open_existing(path);
  if (study.info().model_key != model::content_key(model)) {
    throw base::InputError({path.string(), "model",
                            "a study of another int8 model, " + study.info().model_name,
                            "one of " + model.name + ", quantized with the same options"});
  }
  const store::PointRecord point = find_point(study, key);
  const store::Hardware& hardware = point.hardware;
  StudyPoint result{
      .assignment = engine::parse_assignment(point.assignment, model),
      .outputs = hardware.outputs,
      .baseline = baseline_of(study, point.cost.baseline),
      .memory = known(study, hw::cost::parse_memory_style(hardware.memory), hardware.memory),
      .schedule =
          known(study, hw::cost::parse_image_schedule(hardware.schedule), hardware.schedule)};
  for (const std::string& memory : hardware.weight_memory) {
    result.external_weights.push_back(memory == "external");
  }
  if (explore::measurement_key(study.info(), result.assignment) != point.measurement) {
    throw base::InputError(
        {path.string(), point.assignment, "multipliers with other products", "those of the study"});
  }
  return result;
}

}  // namespace deepaxe::cli
