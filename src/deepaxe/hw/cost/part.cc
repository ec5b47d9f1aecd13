#include "deepaxe/hw/cost/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::hw::cost {
namespace {

// Columns: LUT (four a slice), FF (eight a slice), DSP48E1, block RAM of 36 Kb.
constexpr auto kParts = std::to_array<Part>({
    {"xc7s6", "DS180", 3'750, 7'500, 10, 5},
    {"xc7s15", "DS180", 8'000, 16'000, 20, 10},
    {"xc7s25", "DS180", 14'600, 29'200, 80, 45},
    {"xc7s50", "DS180", 32'600, 65'200, 120, 75},
    {"xc7s75", "DS180", 48'000, 96'000, 140, 90},
    kXc7s100,
    {"xc7a12t", "DS180", 8'000, 16'000, 40, 20},
    {"xc7a15t", "DS180", 10'400, 20'800, 45, 25},
    {"xc7a25t", "DS180", 14'600, 29'200, 80, 45},
    {"xc7a35t", "DS180", 20'800, 41'600, 90, 50},
    {"xc7a50t", "DS180", 32'600, 65'200, 120, 75},
    {"xc7a75t", "DS180", 47'200, 94'400, 180, 105},
    {"xc7a100t", "DS180", 63'400, 126'800, 240, 135},
    {"xc7a200t", "DS180", 134'600, 269'200, 740, 365},
    {"xc7k70t", "DS180", 41'000, 82'000, 240, 135},
    {"xc7k160t", "DS180", 101'400, 202'800, 600, 325},
    {"xc7k325t", "DS180", 203'800, 407'600, 840, 445},
    {"xc7k410t", "DS180", 254'200, 508'400, 1540, 795},
    {"xc7z007s", "DS190", 14'400, 28'800, 66, 50},
    {"xc7z012s", "DS190", 34'400, 68'800, 120, 72},
    {"xc7z014s", "DS190", 40'600, 81'200, 170, 107},
    {"xc7z010", "DS190", 17'600, 35'200, 80, 60},
    {"xc7z015", "DS190", 46'200, 92'400, 160, 95},
    {"xc7z020", "DS190", 53'200, 106'400, 220, 140},
    {"xc7z030", "DS190", 78'600, 157'200, 400, 265},
    {"xc7z035", "DS190", 171'900, 343'800, 900, 500},
    {"xc7z045", "DS190", 218'600, 437'200, 900, 545},
    {"xc7z100", "DS190", 277'400, 554'800, 2'020, 755},
});

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

std::span<const Part> parts() noexcept { return kParts; }

const Part& find_part(std::string_view name) {
  const std::string wanted = lower(name);
  const auto part = std::ranges::find(kParts, wanted, &Part::name);
  if (part != kParts.end()) return *part;
  std::vector<std::string> known;
  for (const Part& each : kParts) known.emplace_back(each.name);
  throw base::InputError(
      {"--part", "", "'" + std::string(name) + "'", "one of " + base::join(known, ", ")});
}

const Part* find_part_of_device(std::string_view device) {
  std::string wanted = lower(device);
  if (!wanted.starts_with("xc")) wanted.insert(0, "xc");
  const Part* longest = nullptr;
  for (const Part& part : kParts) {
    if (!wanted.starts_with(part.name)) continue;
    // A digit more is another size: xc7s500 would be no xc7s50.
    const std::size_t size = part.name.size();
    if (size < wanted.size() && std::isdigit(static_cast<unsigned char>(wanted[size]))) continue;
    if (!longest || size > longest->name.size()) longest = &part;
  }
  return longest;
}

double utilization_fraction(const Resources& resources, const Part& part) noexcept {
  return (resources.ffs + resources.luts) / (part.ffs + part.luts);
}

std::vector<Shortage> find_shortages(const Resources& resources, const Part& part) {
  const std::array<Shortage, 4> all = {
      {{"lut", resources.luts, static_cast<double>(part.luts)},
       {"ff", resources.ffs, static_cast<double>(part.ffs)},
       {"dsp", static_cast<double>(resources.dsps), static_cast<double>(part.dsps)},
       {"bram", resources.bram_36kb, static_cast<double>(part.bram_36kb)}}};
  std::vector<Shortage> found;
  std::ranges::copy_if(all, std::back_inserter(found),
                       [](const Shortage& each) { return each.need > each.limit; });
  return found;
}

std::string to_string(std::span<const Shortage> shortages) {
  std::vector<std::string> texts;
  for (const Shortage& each : shortages) {
    std::string name(each.resource);
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    // Rounded up, so that a need above its limit never reads like it.
    const double need = std::ceil(2 * each.need) / 2;
    texts.push_back(fmt::format("{} {} needed, {} there", need, name, each.limit));
  }
  return base::join(texts, "; ");
}

}  // namespace deepaxe::hw::cost
