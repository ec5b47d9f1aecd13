// FaultRecords: what inject keeps of every fault tried, however many there are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/base/file_writer.h"
#include "deepaxe/fault/fault_map.h"
#include "deepaxe/fault/metrics.h"

namespace deepaxe::cli {

struct FaultRecordParams {
  std::string csv;  ///< Written line by line; empty: nowhere.
  bool margin_loss = false;
  double critical_share = 0;  ///< Of the images that a critical fault harms.
  std::int64_t top = 0;
  bool maps = false;
};

class FaultRecords {
 public:
  /// The space outlives the records. Throws base::InputError for a file that cannot be written.
  FaultRecords(const fault::FaultSpace& space, const FaultRecordParams& params);
  void add(const fault::FaultCounts& fault);
  /// Puts the CSV file into place; once, after the last fault.
  void finish();

  const fault::CriticalFaults& critical() const noexcept { return critical_; }
  const fault::WorstFaults& worst() const noexcept { return worst_; }
  const std::optional<fault::FaultMaps>& maps() const noexcept { return maps_; }

 private:
  void write_line(const fault::FaultCounts& fault);

  const fault::FaultSpace& space_;
  bool margin_loss_;
  fault::CriticalFaults critical_;
  fault::WorstFaults worst_;
  std::optional<fault::FaultMaps> maps_;
  std::unique_ptr<base::FileWriter> csv_;
  std::string lines_;  // Not yet written.
};

}  // namespace deepaxe::cli
