#include "deepaxe/hw/vendor/vendor_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::vendor {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

std::vector<std::filesystem::path> report_files(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string ending = at->path().extension().string();
    if ((ending == ".xml" || ending == ".rpt") && at->is_regular_file(error)) {
      files.push_back(at->path());
    }
  }
  if (error) {
    throw base::InputError({folder.string(), "", error.message(), "a folder of reports"});
  }
  std::sort(files.begin(), files.end());  // The order of a folder differs between machines.
  return files;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Keeps the report of the higher rank; two of the same rank are one too many.
template <typename Report>
void keep(std::optional<Found<Report>>& kept, int& kept_rank, Report report, int rank,
          const std::filesystem::path& file) {
  if (kept && rank == kept_rank) {
    throw base::InputError({file.string(), "", "a report like " + kept->file.string(),
                            "one report of a kind in the folder"});
  }
  if (kept && rank < kept_rank) return;
  kept = Found<Report>{std::move(report), file};
  kept_rank = rank;
}

class Reader {
 public:
  void read(const std::filesystem::path& file) {
    const std::vector<std::byte> bytes = base::read_file(file, kMostBytes);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::string name = file.string();
    if (file.extension() == ".xml") {
      if (!file.stem().string().ends_with("csynth")) return;
      keep(reports_.hls, hls_rank_, parse_hls_report(text, name),
           file.filename() == "csynth.xml" ? 1 : 0, file);
    } else if (contains(text, "Utilization Design Information")) {
      UtilizationReport report = parse_utilization(text, name);
      const int rank = static_cast<int>(report.state);
      keep(reports_.utilization, utilization_rank_, std::move(report), rank, file);
    } else if (contains(text, "Design Timing Summary")) {
      keep(reports_.timing, timing_rank_, parse_timing(text, name), state_rank(text), file);
    } else if (contains(text, "Total On-Chip Power (W)")) {
      keep(reports_.power, power_rank_, parse_power(text, name), state_rank(text), file);
    } else if (contains(text, "Cosimulation Report") || contains(text, "Simulation tool:")) {
      keep(reports_.cosim, cosim_rank_, parse_cosim(text, name), 0, file);
    }
  }
  VendorReports take() { return std::move(reports_); }

 private:
  static int state_rank(std::string_view text) {
    if (contains(text, "Routed")) return 3;
    if (contains(text, "Placed")) return 2;
    return contains(text, "Synthesized") ? 1 : 0;
  }

  VendorReports reports_;
  int hls_rank_ = 0, utilization_rank_ = 0, timing_rank_ = 0, power_rank_ = 0, cosim_rank_ = 0;
};

}  // namespace

const cost::Resources& VendorReports::resources() const {
  return utilization ? utilization->report.resources : hls->report.resources;
}

std::string VendorReports::resources_source() const {
  if (!utilization) {
    return fmt::format("estimate of the HLS tool {} before synthesis, {}", hls->report.version,
                       hls->file.string());
  }
  return fmt::format(
      "Vivado, {} on {}, {}", to_string(utilization->report.state),
      utilization->report.device.empty() ? "a device not named" : utilization->report.device,
      utilization->file.string());
}

VendorReports read_vendor_reports(const std::filesystem::path& folder) {
  Reader reader;
  for (const std::filesystem::path& file : report_files(folder)) reader.read(file);
  VendorReports reports = reader.take();
  if (!reports.utilization && !reports.hls) {
    throw base::InputError({folder.string(), "", "no report of resources",
                            "csynth.xml, or the .rpt of report_utilization"});
  }
  return reports;
}

}  // namespace deepaxe::hw::vendor
