#include "deepaxe/cli/vendor_cost.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "deepaxe/hw/vendor/vendor_reports.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

double microseconds(std::int64_t cycles, double period_ns) {
  return static_cast<double>(cycles) * period_ns / 1000;
}

// Figures that a folder may lack are null.
Json timing_json(const hw::vendor::VendorReports& reports) {
  Json json = {{"cycles", Json()},          {"cycles_source", Json()},
               {"target_clock_ns", Json()}, {"estimated_clock_ns", Json()},
               {"max_clock_mhz", Json()},   {"clock_ns", Json()},
               {"clock_source", Json()},    {"microseconds", Json()},
               {"total_power_w", Json()},   {"dynamic_power_w", Json()}};
  const auto cycles = reports.cycles();
  const auto clock = reports.clock_ns();
  if (cycles) {
    json["cycles"] = cycles->value;
    json["cycles_source"] = cycles->source;
  }
  if (reports.hls) {
    json["target_clock_ns"] = reports.hls->report.target_clock_ns;
    json["estimated_clock_ns"] = reports.hls->report.estimated_clock_ns;
  }
  if (clock) {
    json["clock_ns"] = clock->value;
    json["clock_source"] = clock->source;
  }
  if (cycles && clock) json["microseconds"] = microseconds(cycles->value, clock->value);
  if (reports.timing) json["max_clock_mhz"] = reports.timing->report.max_mhz();
  if (reports.power) {
    json["total_power_w"] = reports.power->report.total_w;
    json["dynamic_power_w"] = reports.power->report.dynamic_w;
  }
  return json;
}

// What the design is judged against.
struct Judge {
  const hw::cost::Part* part = nullptr;         // Null: nothing.
  const hw::cost::Part* device_part = nullptr;  // Of the reports' device; null if not in the table.
  std::string text;                             // What device that is.
};

Judge choose_judge(const std::string& device, const hw::cost::Part* wanted) {
  Judge judge{.part = wanted, .device_part = hw::cost::find_part_of_device(device), .text = {}};
  if (!wanted) judge.part = judge.device_part;
  if (device.empty()) {
    judge.text = "the reports name no device";
  } else if (judge.device_part) {
    judge.text = fmt::format("the reports' device is {}, an {}", device, judge.device_part->name);
  } else {
    judge.text = fmt::format("the reports' device, {}, is not in the table of parts", device);
  }
  return judge;
}

std::string utilization_text(const hw::cost::Resources& total, const Judge& judge) {
  if (!judge.part) return "utilization not judged without --part: " + judge.text;
  const std::vector<hw::cost::Shortage> shortages = hw::cost::find_shortages(total, *judge.part);
  return fmt::format("utilization {:.2f} % of an {}; {} ({})",
                     100 * hw::cost::utilization_fraction(total, *judge.part), judge.part->name,
                     shortages.empty()
                         ? "it can hold the design"
                         : "it CANNOT hold the design: " + hw::cost::to_string(shortages),
                     judge.text);
}

void print_text(const hw::vendor::VendorReports& reports, const Judge& judge) {
  const hw::cost::Resources& total = reports.resources();
  fmt::print("LUT {:.0f}, FF {:.0f}, DSP {}, BRAM {:.1f}: {}\n", total.luts, total.ffs, total.dsps,
             total.bram_36kb, reports.resources_source());
  fmt::print("{}\n", utilization_text(total, judge));
  const auto cycles = reports.cycles();
  const auto clock = reports.clock_ns();
  if (cycles) fmt::print("cycles {}: {}\n", cycles->value, cycles->source);
  if (reports.hls) {
    fmt::print("clock period {} ns estimated, {} ns asked for: estimate of the HLS tool, {}\n",
               reports.hls->report.estimated_clock_ns, reports.hls->report.target_clock_ns,
               reports.hls->file.string());
  }
  if (reports.timing) {
    fmt::print("clock at most {:.1f} MHz (slack {} ns of {} ns): {}\n",
               reports.timing->report.max_mhz(), reports.timing->report.worst_slack_ns,
               reports.timing->report.period_ns, reports.timing->file.string());
  }
  if (cycles && clock) {
    fmt::print("time {:.2f} us an image, {} cycles of {:g} ns: {}\n",
               microseconds(cycles->value, clock->value), cycles->value, clock->value,
               clock->source);
  }
  if (reports.power) {
    fmt::print(
        "power {} W, {} W of it dynamic (confidence of the tool: {}): {}\n",
        reports.power->report.total_w, reports.power->report.dynamic_w,
        reports.power->report.confidence.empty() ? "not stated" : reports.power->report.confidence,
        reports.power->file.string());
  }
  fmt::print(
      "These are reports of one design; compare them only with reports, of the exact design "
      "on native and dsp too.\n");
}

}  // namespace

void print_vendor_cost(const std::filesystem::path& folder, const hw::cost::Part* part,
                       const CommonOptions& common) {
  const hw::vendor::VendorReports reports = hw::vendor::read_vendor_reports(folder);
  const hw::cost::Resources& total = reports.resources();
  const std::string& device = reports.device();
  const Judge judge = choose_judge(device, part);
  if (part && !device.empty() && part != judge.device_part) {
    remark(common, fmt::format("--part {}: {}", part->name, judge.text));
  }
  if (!common.json) {
    print_text(reports, judge);
    return;
  }
  Json output = {{"source", "vivado"},
                 {"resources_source", reports.resources_source()},
                 {"lut", total.luts},
                 {"ff", total.ffs},
                 {"dsp", total.dsps},
                 {"bram", total.bram_36kb},
                 {"device", device.empty() ? Json() : Json(device)},
                 {"device_part", judge.device_part ? Json(judge.device_part->name) : Json()},
                 {"utilization", Json()},
                 {"part", Json()},
                 {"fits", Json()}};
  if (judge.part) {
    output["utilization"] = hw::cost::utilization_fraction(total, *judge.part);
    output["part"] = judge.part->name;
    output["fits"] = hw::cost::find_shortages(total, *judge.part).empty();
  }
  output.update(timing_json(reports));
  fmt::print("{}\n", output.dump(2));
}

}  // namespace deepaxe::cli
