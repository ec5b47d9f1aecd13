// A small study for tests of the report: the exact design, one on the front, one gated.
#pragma once

#include "deepaxe/report/study_table.h"

namespace deepaxe::report {

inline store::FaultRecord make_faults(std::int64_t harmful) {
  store::FaultRecord faults;
  faults.pairs = 16 * 100;
  faults.faults = 1600;
  faults.counts = {1500 - harmful, 100, harmful, 0, 0, 0, 0, 0};
  faults.sdc_rate = faults.vulnerability = static_cast<double>(harmful) / 1600;
  faults.sdc_low = 0.001;
  faults.sdc_high = 0.01;
  faults.vulnerability_low = -0.001;
  faults.vulnerability_high = 0.01;
  faults.method = "test method";
  faults.stop_reason = "budget";
  faults.by_tensor_bit.assign(16, store::OutcomeCounts{100, 0, 0, 0, 0, 0, 0, 0});
  faults.by_tensor_bit[15] = {90, 0, harmful, 0, 0, 0, 0, 0};
  faults.by_tensor_bit[14] = {3, 0, 0, 0, 0, 0, 0, 0};  // Too few pairs for a rate.
  return faults;
}

inline store::PointRecord make_point(const std::string& assignment, std::int64_t correct) {
  store::PointRecord point;
  point.key = "key of " + assignment;
  point.measurement = point.key;
  point.hardware = {.outputs = {1, 1},
                    .memory = "block",
                    .schedule = "sequential",
                    .weight_memory = {"rom", "rom"}};
  point.assignment = assignment;
  point.mask = "1-1";
  point.multiplier = assignment.substr(0, assignment.find('@'));
  point.correct = correct;
  point.images = 1000;
  point.cost = {.cycles = 1000,
                .cycles_source = "engine",
                .cycles_engine = 1000,
                .lut = 100,
                .ff = 50,
                .utilization_fraction = 0.01,
                .baseline = "gate",
                .source = "model",
                .energy_nj = 1500,
                .max_mhz = 73};
  return point;
}

inline StudyTable make_small_table() {
  store::StudyInfo info;
  info.model_name = "net <1>";
  info.data_name = "digits";
  info.num_images = 1000;
  info.options = "{}";
  info.layers = {{"conv1", "conv2d", true, true, 10, 90},
                 {"pool1", "max_pool", false, true, 5},
                 {"fc1", "dense", true, true, 10, 50}};
  info.tensors = {{"conv1", 10}, {"pool1", 5}};
  info.exact_key = "key of exact";
  std::vector<store::PointRecord> points = {make_point("exact", 990), make_point("1KVP@1-1", 985),
                                            make_point("1KV9@1-1", 900)};
  points[0].faults = make_faults(4);
  points[0].status = store::PointStatus::kInjected;
  points[1].faults = make_faults(5);
  points[1].status = store::PointStatus::kInjected;
  points[2].status = store::PointStatus::kGated;
  points[2].gate = "max_drop";
  points[2].gate_value = 0.09;
  points[2].gate_limit = 0.05;
  store::View view{.objectives = {"accuracy_drop", "sdc"}, .points = {}};
  view.points.push_back({"key of exact", true, "", {"key of 1KVP@1-1"}});
  view.points.push_back({"key of 1KVP@1-1", true, "", {"key of exact"}});
  view.points.push_back({"key of 1KV9@1-1", false, "", {}});
  return make_table(std::move(info), std::move(points), view);
}

}  // namespace deepaxe::report
