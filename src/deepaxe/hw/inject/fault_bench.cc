#include "deepaxe/hw/inject/fault_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/tool.h"

namespace deepaxe::hw::inject {
namespace {

constexpr double kSecondsPerFault = 600;  // Some 10^9 cycles of a small design.

Place parse_place(std::istringstream& line) {
  Place place;
  std::string group;
  line >> place.number >> place.words >> place.word_bits >> group >> place.name;
  const auto known = verilog::parse_state_group(group);
  if (!line || !known) throw std::logic_error("the fault bench lists no place: " + line.str());
  place.group = *known;
  return place;
}

FaultRun parse_run(std::istringstream& line) {
  FaultRun run;
  std::string end;
  line >> end >> run.lasts;
  run.hangs = end == "hang";
  if (!run.hangs) line >> run.cycles >> run.wrong_frame;
  if (!line) throw std::logic_error("a line of the fault bench that is none: " + line.str());
  for (int logit = 0; line >> logit;) run.logits.push_back(logit);
  return run;
}

// In order of cycles, as the bench wants them; those of one cycle as they were given.
std::string faults_text(std::span<const StateFault> faults) {
  std::vector<std::size_t> order(faults.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return faults[i].cycle; });
  std::string text;
  for (const std::size_t i : order) {
    const StateFault& fault = faults[i];
    text += fmt::format("{} {} {} {} {}\n", i, fault.cycle, fault.place, fault.word, fault.bit);
  }
  return text;
}

std::vector<FaultRun> parse_runs(const std::filesystem::path& file, std::size_t count) {
  const std::vector<std::byte> bytes = base::read_file(file);
  std::istringstream text(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  std::vector<FaultRun> runs(count);
  std::size_t read = 0;
  for (std::string line; std::getline(text, line); ++read) {
    std::istringstream fields(line);
    std::size_t number = count;
    fields >> number;
    runs.at(number) = parse_run(fields);
  }
  if (read != count) {
    throw std::logic_error(fmt::format("the fault bench gave {} lines for {} faults", read, count));
  }
  return runs;
}

}  // namespace

FaultBench::FaultBench(std::filesystem::path folder, std::int64_t total_cycles,
                       std::int64_t image_size, double build_seconds)
    : folder_(std::move(folder)),
      total_cycles_(total_cycles),
      limit_(2 * total_cycles + 4 * image_size) {
  if (!base::has_tool("make") || !base::has_tool("verilator")) {
    throw base::InputError(
        {"inject-rtl", "", "no verilator or no make that answers --version", "both installed"});
  }
  std::istringstream lines(make("+places", build_seconds));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string word;
    if (fields >> word && word == "place") places_.push_back(parse_place(fields));
  }
}

std::string FaultBench::make(const std::string& arguments, double seconds) const {
  return base::run_tool({"make", "-s", "-C", folder_.string(), "faults", "ARGS=" + arguments},
                        seconds, "more --tool-seconds, a smaller network, or more --outputs");
}

std::vector<FaultRun> FaultBench::run(int image, std::span<const StateFault> faults,
                                      int jobs) const {
  if (faults.empty()) return {};
  const std::filesystem::path build = folder_ / "build";
  base::write_file_atomically(build / "faults.txt", std::string_view(faults_text(faults)));
  const std::string output =
      make(fmt::format("+image={} +faults=build/faults.txt +results=build/fault_results.txt "
                       "+jobs={} +limit={}",
                       image, jobs, limit_),
           kSecondsPerFault * static_cast<double>(faults.size() + 1));
  if (output.find(fmt::format("image {} done, {} cycles", image, total_cycles_)) ==
      std::string::npos) {
    throw std::logic_error("the fault bench failed: " + output);
  }
  return parse_runs(build / "fault_results.txt", faults.size());
}

}  // namespace deepaxe::hw::inject
