#include "deepaxe/hw/vendor/hls_report.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <pugixml.hpp>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::hw::vendor {
namespace {

// Looks elements up by path below <profile> and says which one is wrong.
class Profile {
 public:
  Profile(pugi::xml_node root, const std::string& file) : root_(root), file_(file) {}

  /// Empty where there is no such element.
  std::string_view text(const std::string& path) const {
    return base::trim(root_.first_element_by_path(path.c_str()).text().get());
  }
  std::string required_text(const std::string& path) const {
    const std::string_view found = text(path);
    if (found.empty()) fail(path, "nothing", "a text");
    return std::string(found);
  }
  double number(const std::string& path) const { return parse<double>(path, "a number from 0"); }
  std::int64_t count(const std::string& path) const {
    return parse<std::int64_t>(path, "a whole number from 0");
  }
  /// Loops without known bounds have "?", "undef" or nothing.
  std::optional<std::int64_t> optional_count(const std::string& path) const {
    const std::string_view found = text(path);
    if (found.empty() || found == "?" || found == "undef") return std::nullopt;
    return count(path);
  }

 private:
  [[noreturn]] void fail(const std::string& path, const std::string& found,
                         const std::string& expected) const {
    throw base::InputError({file_, "profile/" + path, found, expected});
  }
  template <typename Number>
  Number parse(const std::string& path, const char* expected) const {
    const std::string_view found = text(path);
    Number value{};
    const auto [end, error] = std::from_chars(found.data(), found.data() + found.size(), value);
    if (error != std::errc() || end != found.data() + found.size() || !(value >= 0) ||
        value > std::numeric_limits<Number>::max()) {
      fail(path, found.empty() ? "nothing" : "'" + std::string(found) + "'", expected);
    }
    return value;
  }

  pugi::xml_node root_;
  const std::string& file_;
};

}  // namespace

bool is_hls_report(std::string_view xml) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());  // What is before an error stays in the document.
  const pugi::xml_node root = document.child("profile");
  // Other files of the tool have this root, too, with sections of other names.
  return root.child("UserAssignments") || root.child("PerformanceEstimates") ||
         root.child("AreaEstimates");
}

HlsReport parse_hls_report(std::string_view xml, const std::string& file) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(xml.data(), xml.size());
  if (!result) {
    throw base::InputError(
        {file, fmt::format("byte {}", result.offset), result.description(), "XML"});
  }
  const pugi::xml_node root = document.child("profile");
  if (!root) {
    throw base::InputError({file, "root", fmt::format("<{}>", document.first_child().name()),
                            "<profile> of a csynth.xml"});
  }
  const Profile profile(root, file);
  const std::string area = "AreaEstimates/Resources/";
  const std::string latency = "PerformanceEstimates/SummaryOfOverallLatency/";
  const bool is_vivado_hls = !profile.text(area + "DSP48E").empty();
  HlsReport report;
  report.version = profile.required_text("ReportVersion/Version");
  report.part = profile.required_text("UserAssignments/Part");
  report.top = profile.required_text("UserAssignments/TopModelName");
  report.target_clock_ns = profile.number("UserAssignments/TargetClockPeriod");
  report.estimated_clock_ns =
      profile.number("PerformanceEstimates/SummaryOfTimingAnalysis/EstimatedClockPeriod");
  report.latency_cycles = profile.optional_count(latency + "Worst-caseLatency");
  report.interval_cycles = profile.optional_count(latency + "Interval-max");
  report.resources.luts = static_cast<double>(profile.count(area + "LUT"));
  report.resources.ffs = static_cast<double>(profile.count(area + "FF"));
  report.resources.dsps =
      static_cast<int>(profile.count(area + (is_vivado_hls ? "DSP48E" : "DSP")));
  report.resources.bram_36kb = 0.5 * static_cast<double>(profile.count(area + "BRAM_18K"));
  return report;
}

}  // namespace deepaxe::hw::vendor
