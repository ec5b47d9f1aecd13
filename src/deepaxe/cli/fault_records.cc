#include "deepaxe/cli/fault_records.h"

#include <fmt/format.h>

#include <iterator>

#include "deepaxe/cli/inject_report.h"
#include "deepaxe/fault/fault_list.h"

namespace deepaxe::cli {
namespace {

constexpr std::size_t kBytesPerWrite = std::size_t{1} << 16;

}  // namespace

FaultRecords::FaultRecords(const fault::FaultSpace& space, const FaultRecordParams& params)
    : space_(space),
      margin_loss_(params.margin_loss),
      critical_(params.critical_share),
      worst_(static_cast<std::size_t>(params.top)) {
  if (params.maps) maps_.emplace(space);
  if (params.csv.empty()) return;
  csv_ = std::make_unique<base::FileWriter>(params.csv);
  lines_ = fault::fault_columns(space) + ",pairs";
  for (std::size_t i = 0; i < fault::kNumOutcomes; ++i) {
    lines_ += fmt::format(",{}", outcome_key(i));
  }
  lines_ += margin_loss_ ? ",margin_loss_codes\n" : "\n";
}

void FaultRecords::add(const fault::FaultCounts& fault) {
  critical_.add(fault);
  worst_.add(fault);
  if (maps_) maps_->add(fault);
  if (csv_ != nullptr) write_line(fault);
}

void FaultRecords::write_line(const fault::FaultCounts& fault) {
  const auto out = std::back_inserter(lines_);
  fmt::format_to(out, "{},{},{}", fault::fault_fields(space_.at(fault.fault), space_),
                 fault.counts.pairs(), fmt::join(fault.counts.counts, ","));
  if (margin_loss_) fmt::format_to(out, ",{}", fault.margin_loss);
  lines_ += '\n';
  if (lines_.size() < kBytesPerWrite) return;
  csv_->write(std::string_view(lines_));
  lines_.clear();
}

void FaultRecords::finish() {
  if (csv_ == nullptr) return;
  csv_->write(std::string_view(lines_));
  csv_->finish();
}

}  // namespace deepaxe::cli
