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
    if (at->path().filename().string().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
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

// The report of the highest rank, in whatever order they come.
template <typename Report>
class Best {
 public:
  void add(Report report, int rank, const std::filesystem::path& file) {
    if (best_ && rank < rank_) return;
    if (best_ && rank == rank_) {
      if (rival_.empty()) rival_ = file;
      return;
    }
    best_ = Found<Report>{std::move(report), file};
    rank_ = rank;
    rival_.clear();
  }
  /// Throws base::InputError if two have the highest rank.
  std::optional<Found<Report>> take() {
    if (best_ && !rival_.empty()) {
      throw base::InputError({rival_.string(), "", "a report like " + best_->file.string(),
                              "one report of a kind in the folder"});
    }
    return std::move(best_);
  }

 private:
  std::optional<Found<Report>> best_;
  int rank_ = 0;
  std::filesystem::path rival_;
};

class Reader {
 public:
  void read(const std::filesystem::path& file) {
    const std::vector<std::byte> bytes = base::read_file(file, kMostBytes);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::string name = file.string();
    if (file.extension() == ".xml") {
      const std::string stem = file.stem().string();
      if (!stem.ends_with("csynth") && !is_hls_report(text)) return;
      hls_.add(parse_hls_report(text, name), stem.ends_with("_csynth") ? 0 : 1, file);
    } else if (contains(text, "Utilization Design Information")) {
      UtilizationReport report = parse_utilization(text, name);
      const int rank = static_cast<int>(report.state);
      utilization_.add(std::move(report), rank, file);
    } else if (contains(text, "Design Timing Summary")) {
      timing_.add(parse_timing(text, name), state_rank(text), file);
    } else if (contains(text, "Total On-Chip Power (W)")) {
      power_.add(parse_power(text, name), state_rank(text), file);
    } else if (contains(text, "Cosimulation Report") || contains(text, "Simulation tool:")) {
      cosim_.add(parse_cosim(text, name), 0, file);
    }
  }
  VendorReports take() {
    return {.hls = hls_.take(),
            .utilization = utilization_.take(),
            .timing = timing_.take(),
            .power = power_.take(),
            .cosim = cosim_.take()};
  }

 private:
  static int state_rank(std::string_view text) {
    if (contains(text, "Routed")) return 3;
    if (contains(text, "Placed")) return 2;
    return contains(text, "Synthesized") ? 1 : 0;
  }

  Best<HlsReport> hls_;
  Best<UtilizationReport> utilization_;
  Best<TimingReport> timing_;
  Best<PowerReport> power_;
  Best<CosimReport> cosim_;
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
  return fmt::format("Vivado, {} on {}, {}", to_string(utilization->report.state),
                     device().empty() ? "a device not named" : device(),
                     utilization->file.string());
}

const std::string& VendorReports::device() const {
  return utilization ? utilization->report.device : hls->report.part;
}

std::optional<Sourced<std::int64_t>> VendorReports::cycles() const {
  if (cosim) {
    return {{cosim->report.latency_cycles,
             fmt::format("cosimulation of {}, {}", cosim->report.language, cosim->file.string())}};
  }
  if (!hls || !hls->report.latency_cycles) return std::nullopt;
  return {{*hls->report.latency_cycles,
           fmt::format("estimate of the HLS tool, {}", hls->file.string())}};
}

std::optional<Sourced<double>> VendorReports::clock_ns() const {
  if (timing) {
    return {{timing->report.achieved_ns(),
             fmt::format("Vivado's timing, {}, {}", to_string(timing->report.state),
                         timing->file.string())}};
  }
  // A design without registers has 0.
  if (!hls || hls->report.estimated_clock_ns == 0) return std::nullopt;
  return {{hls->report.estimated_clock_ns,
           fmt::format("estimate of the HLS tool, {}", hls->file.string())}};
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
