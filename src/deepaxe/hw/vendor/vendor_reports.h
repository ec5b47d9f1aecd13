// VendorReports: all reports of one design in a folder, the furthest of each kind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "deepaxe/hw/vendor/hls_report.h"
#include "deepaxe/hw/vendor/vivado_report.h"

namespace deepaxe::hw::vendor {

/// A report and the file it is from.
template <typename Report>
struct Found {
  Report report;
  std::filesystem::path file;
};

/// A figure and where it is from.
template <typename Value>
struct Sourced {
  Value value{};
  std::string source;
};

struct VendorReports {
  std::optional<Found<HlsReport>> hls;
  std::optional<Found<UtilizationReport>> utilization;
  std::optional<Found<TimingReport>> timing;
  std::optional<Found<PowerReport>> power;
  std::optional<Found<CosimReport>> cosim;

  /// Of the implementation where it is there, else the HLS tool's estimate. One of both is.
  const cost::Resources& resources() const;
  std::string resources_source() const;
  /// That the report of the resources names; empty if it names none.
  const std::string& device() const;
  /// Of one image: the most that the cosimulation saw, else the worst case of the HLS tool.
  std::optional<Sourced<std::int64_t>> cycles() const;
  /// The period of Vivado's timing, else the estimate of the HLS tool; nothing if that is 0.
  std::optional<Sourced<double>> clock_ns() const;
};

/// Reads every .xml and .rpt file below `folder`, told apart by content; others are left alone, and
/// folders whose names begin with a dot: those are the tools' own. Of several reports of
/// utilization that of the furthest state counts; of several csynth reports those named
/// `*_csynth.xml` give way (they are of single functions). A file with a name of csynth has to be a
/// report. Throws base::InputError for a folder without any report of resources, two reports of a
/// kind with nothing to choose between them, or a malformed one.
VendorReports read_vendor_reports(const std::filesystem::path& folder);

}  // namespace deepaxe::hw::vendor
