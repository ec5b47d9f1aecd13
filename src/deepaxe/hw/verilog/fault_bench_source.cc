#include "deepaxe/hw/verilog/fault_bench_source.h"

#include <fmt/format.h>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/design/schedule.h"
#include "deepaxe/hw/verilog/bench_text.h"
#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/hw/verilog/state_places.h"

namespace deepaxe::hw::verilog {
namespace {

struct PlaceTexts {
  std::string list, writes, flips;  // Of the tasks list_places, is_write and of the strike.
};

void add_place(PlaceTexts& texts, std::size_t number, const StatePlace& place) {
  const std::string path = "dut." + place.path;
  const std::string word = place.is_memory ? path + "[word]" : path;
  texts.list += fmt::format("            $display(\"place {} %0d %0d {} {}\", {}, $bits({}));\n",
                            number, to_string(place.group), place.path,
                            place.is_memory ? fmt::format("$size({})", path) : "1",
                            place.is_memory ? path + "[0]" : path);
  texts.flips += fmt::format("            {0}: {1} <= {1} ^ (1 << bit_index);\n", number, word);
  if (place.group != StateGroup::kActivation) return;
  const std::string buffer = path.substr(0, path.rfind('.'));
  texts.writes += fmt::format(
      "            {0}: is_write = {1}.write && {1}.write_address == word;\n", number, buffer);
}

// The least bit of word 0 of places that lie evenly among all, in as many cycles.
std::string example_faults(std::size_t num_places, std::int64_t cycles) {
  constexpr std::int64_t kFaults = 16;
  std::string text;
  for (std::int64_t i = 0; i < kFaults; ++i) {
    text += fmt::format("{} {} {} 0 0\n", i, cycles * (i + 1) / (kFaults + 1),
                        static_cast<std::int64_t>(num_places) * i / kFaults);
  }
  return text;
}

// What the bench sees of a schedule. The register of a pipeline has the cycles from image to image;
// here they are those of one image, as a host could count them.
struct Sight {
  const char* origin;     // 1 in cycle 0.
  const char* computing;  // Faults can strike.
  const char* cycles;     // Of the image that has left.
};

constexpr Sight kSequentialSight = {.origin = "dut.core.start",
                                    .computing = "is_origin || state == TAKING && dut.core.busy",
                                    .cycles = "read_data"};
constexpr Sight kPipelinedSight = {
    .origin = "state == LOADING && count == 1 && in_valid && in_ready",
    .computing = "state == LOADING || state == TAKING",
    .cycles = "last_taken + 1"};

}  // namespace

std::int64_t fault_cycles(const model::Int8Model& model, std::span<const int> parallel_outputs,
                          design::ImageSchedule schedule) {
  if (schedule == design::ImageSchedule::kPipelined) {
    return design::pipeline_schedule(model, parallel_outputs, 1).front().last_sent + 1;
  }
  return design::total_cycles(model, design::schedule(model, parallel_outputs));
}

void write_fault_bench(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                       const std::vector<design::ImageQueue>& queues, int num_images,
                       const std::string& top) {
  PlaceTexts texts;
  std::size_t number = 0;
  for (const StatePlace& place : state_places(layers, queues)) add_place(texts, number++, place);
  using enum design::ImageSchedule;
  const Sight& sight = queues.empty() ? kSequentialSight : kPipelinedSight;
  const std::int64_t cycles = fault_cycles(layers.front().model, parallel_outputs_of(layers),
                                           queues.empty() ? kSequential : kPipelined);
  std::string text = bench_text("fault_bench.sv", layers, num_images, top);
  text = base::replaced(text, "@TOTAL_CYCLES@", fmt::format("{}", cycles));
  text = base::replaced(text, "@ORIGIN@", sight.origin);
  text = base::replaced(text, "@COMPUTING@", sight.computing);
  text = base::replaced(text, "@CYCLES@", sight.cycles);
  text = base::replaced(text, "@LIST@", texts.list);
  text = base::replaced(text, "@WRITES@", texts.writes);
  files["fault_bench.sv"] = base::replaced(text, "@FLIPS@", texts.flips);
  files["fault_copies.cc"] = bench_file("fault_copies.cc");
  files["faults.txt"] = example_faults(number, cycles);
}

}  // namespace deepaxe::hw::verilog
