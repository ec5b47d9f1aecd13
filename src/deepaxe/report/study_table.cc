#include "deepaxe/report/study_table.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace deepaxe::report {

std::string gate_text(const store::PointRecord& point) {
  static constexpr std::string_view kPart = "part_";  // And the resource: "part_bram".
  if (point.status != store::PointStatus::kGated) return "";
  if (!point.gate.starts_with(kPart)) return "gated: " + point.gate;
  std::string resource = point.gate.substr(kPart.size());
  for (char& c : resource) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "infeasible: " + resource;
}

bool StudyTable::is_compared(const Row& row) const noexcept {
  return row.view.on_front || !row.view.dominated_by.empty();
}

std::size_t StudyTable::num_not_compared() const noexcept {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [this](const Row& row) {
    return !is_compared(row) && row.point.status != store::PointStatus::kGated;
  }));
}

bool StudyTable::is_exact(const Row& row) const noexcept {
  return row.point.measurement == info.exact_key;
}

const Row* StudyTable::exact() const noexcept {
  const auto row = std::ranges::find_if(rows, [this](const Row& each) { return is_exact(each); });
  return row == rows.end() ? nullptr : &*row;
}

std::size_t StudyTable::num_approximate() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [this](const Row& row) { return !is_exact(row); }));
}

std::size_t StudyTable::num_dominated_by(const store::ReferenceCost& reference) const {
  if (exact() == nullptr) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const Row& row) {
    const store::CostRecord& cost = row.point.cost;
    return !is_exact(row) && row.accuracy_drop >= 0 && reference.cycles <= cost.cycles &&
           reference.resources() <= cost.resources() &&
           (row.accuracy_drop > 0 || reference.cycles < cost.cycles ||
            reference.resources() < cost.resources());
  }));
}

std::vector<const Row*> StudyTable::front() const {
  std::vector<const Row*> members;
  for (const Row& row : rows) {
    if (row.view.on_front) members.push_back(&row);
  }
  const auto order = [](const Row* row) {
    return std::tie(row->accuracy_drop, row->point.cost.cycles, row->label);
  };
  std::sort(members.begin(), members.end(),
            [&order](const Row* a, const Row* b) { return order(a) < order(b); });
  return members;
}

namespace {

std::string outputs_text(const std::vector<int>& outputs) {
  const bool is_uniform =
      std::adjacent_find(outputs.begin(), outputs.end(), std::not_equal_to<>()) == outputs.end();
  std::string text = " N=";
  for (std::size_t i = 0;
       i < (is_uniform ? std::min<std::size_t>(outputs.size(), 1) : outputs.size()); ++i) {
    text += (i == 0 ? "" : ",") + std::to_string(outputs[i]);
  }
  return text;
}

// " rom", " external", or " external:fc1,fc2" where the others are ROMs.
std::string weights_text(const std::vector<std::string>& memories,
                         const std::vector<store::LayerInfo>& layers) {
  std::string names;
  std::size_t num_external = 0, next = 0;  // Of the computing layers.
  for (const store::LayerInfo& layer : layers) {
    if (!layer.computing || next == memories.size()) continue;
    if (memories[next++] != "external") continue;
    names += (names.empty() ? "" : ",") + layer.name;
    ++num_external;
  }
  if (num_external == 0) return " rom";
  return num_external == memories.size() ? " external" : " external:" + names;
}

// Whether a field of the items is not the same for all.
template <typename Items, typename Field>
bool differs(const Items& items, Field field) {
  return std::ranges::any_of(items,
                             [&](const auto& item) { return field(item) != field(items.front()); });
}

// Names the hardware of `items` (points or references) in what differs between them.
template <typename Items, typename HardwareOf>
class HardwareLabels {
 public:
  HardwareLabels(const Items& items, HardwareOf hardware_of,
                 const std::vector<store::LayerInfo>& layers)
      : layers_(layers) {
    const auto field_differs = [&](auto member) {
      return differs(items, [&](const auto& item) { return hardware_of(item).*member; });
    };
    outputs_ = field_differs(&store::Hardware::outputs);
    memory_ = field_differs(&store::Hardware::memory);
    schedule_ = field_differs(&store::Hardware::schedule);
    weights_ = field_differs(&store::Hardware::weight_memory);
  }

  std::string outputs(const store::Hardware& hardware) const {
    return outputs_ ? outputs_text(hardware.outputs) : "";
  }
  std::string others(const store::Hardware& hardware) const {
    return (memory_ ? " " + hardware.memory : "") + (schedule_ ? " " + hardware.schedule : "") +
           (weights_ ? weights_text(hardware.weight_memory, layers_) : "");
  }

 private:
  const std::vector<store::LayerInfo>& layers_;
  bool outputs_ = false, memory_ = false, schedule_ = false, weights_ = false;
};

void set_labels(std::vector<Row>& rows, const std::vector<store::LayerInfo>& layers) {
  const HardwareLabels labels(
      rows, [](const Row& row) { return row.point.hardware; }, layers);
  std::set<std::string> baselines;
  for (const Row& row : rows) baselines.insert(row.point.cost.baseline);
  baselines.erase(store::kNoBaseline);
  for (Row& row : rows) {
    const std::string& baseline = row.point.cost.baseline;
    row.label = row.point.assignment + labels.outputs(row.point.hardware);
    if (baselines.size() > 1 && baseline != store::kNoBaseline) row.label += " " + baseline;
    row.label += labels.others(row.point.hardware);
  }
}

}  // namespace

std::string StudyTable::label_of(const store::ReferenceCost& reference) const {
  const HardwareLabels labels(
      info.references, [](const store::ReferenceCost& each) { return each.hardware; }, info.layers);
  return "exact, " + reference.baseline + labels.outputs(reference.hardware) +
         labels.others(reference.hardware);
}

std::vector<Row> StudyTable::reference_rows() const {
  std::vector<Row> result;
  const Row* exact_row = exact();
  if (exact_row == nullptr) return result;
  for (const store::ReferenceCost& reference : info.references) {
    Row row = *exact_row;
    row.label = label_of(reference);
    row.point.key.clear();
    row.point.hardware = reference.hardware;
    row.view = {};
    row.point.cost.cycles = reference.cycles;
    row.point.cost.lut = reference.lut;
    row.point.cost.ff = reference.ff;
    row.point.cost.dsp = reference.dsp;
    row.point.cost.bram = reference.bram;
    row.point.cost.utilization_fraction = reference.utilization_fraction;
    row.point.cost.energy_nj.reset();  // Of other multipliers.
    row.point.cost.max_mhz.reset();
    result.push_back(std::move(row));
  }
  return result;
}

StudyTable make_table(store::StudyInfo info, std::vector<store::PointRecord> points,
                      const store::View& view) {
  StudyTable table{.info = std::move(info), .objectives = view.objectives, .rows = {}};
  std::map<std::string, const store::ViewPoint*> places;
  for (const store::ViewPoint& place : view.points) places[place.key] = &place;
  for (store::PointRecord& point : points) {
    const auto place = places.find(point.key);
    Row row{.point = std::move(point), .view = {}, .accuracy_drop = 0};
    if (place != places.end()) row.view = *place->second;
    table.rows.push_back(std::move(row));
  }
  if (const Row* exact = table.exact()) {
    const double accuracy = exact->point.accuracy();
    for (Row& row : table.rows) row.accuracy_drop = accuracy - row.point.accuracy();
  }
  set_labels(table.rows, table.info.layers);
  return table;
}

}  // namespace deepaxe::report
