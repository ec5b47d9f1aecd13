#include "deepaxe/arith/library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "deepaxe/arith/user_library.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::arith {
namespace {

constexpr Family bam(int h, int v) { return {.kind = FamilyKind::kBam, .values = {h, v}}; }
constexpr Family trunc(int k) { return {.kind = FamilyKind::kTrunc, .values = {k}}; }

// Names, power (mW), area (um2), delay (ns), MAE, WCE, EP, MRE (%) as published; the families are
// ours. In the order of growing MAE.
constexpr std::array<LibraryEntry, 13> kLibrary = {{
    {"1KV6", "mul8s_1KV6", bam(0, 0), {0.425, 729.8, 1.48, 0.00, 0.00, 0.00, 0.00}},
    {"1KV8", "mul8s_1KV8", bam(0, 2), {0.422, 711.0, 1.48, 0.0018, 0.0076, 50.00, 0.28}},
    {"1KV9", "mul8s_1KV9", bam(0, 3), {0.410, 685.2, 1.47, 0.0064, 0.026, 68.75, 0.90}},
    {"1KVA", "mul8s_1KVA", bam(0, 4), {0.391, 641.1, 1.51, 0.019, 0.075, 81.25, 2.53}},
    {"1KVM", "mul8s_1KVM", bam(1, 0), {0.369, 652.8, 1.37, 0.049, 0.20, 49.80, 2.40}},
    {"1KVP", "mul8s_1KVP", bam(1, 3), {0.363, 635.0, 1.37, 0.051, 0.21, 74.80, 2.73}},
    {"1KVQ", "mul8s_1KVQ", bam(1, 4), {0.351, 599.8, 1.36, 0.056, 0.25, 84.18, 3.64}},
    {"1L2J", "mul8s_1L2J", trunc(1), {0.301, 558.9, 1.36, 0.081, 0.39, 74.61, 4.41}},
    {"1KX5", "mul8s_1KX5", bam(2, 5), {0.289, 543.0, 1.33, 0.15, 0.69, 91.89, 8.93}},
    {"1L2L", "mul8s_1L2L", trunc(2), {0.200, 411.6, 1.14, 0.23, 1.16, 93.16, 12.26}},
    {"1KXF", "mul8s_1KXF", bam(3, 0), {0.237, 482.4, 1.19, 0.34, 1.37, 87.16, 15.72}},
    {"1L2N", "mul8s_1L2N", trunc(3), {0.126, 284.9, 0.94, 0.52, 2.66, 97.75, 27.44}},
    {"1L12", "mul8s_1L12", bam(6, 0), {0.052, 172.2, 0.89, 3.08, 12.30, 98.05, 135.77}},
}};

constexpr std::string_view kExactName = "exact";
constexpr std::size_t kNumOffered = 6;  // Six names are one edit from "1KV?".

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// What a name stands for; `name` is the one spelling that is stored.
struct Meaning {
  std::string name;
  Family family;
  std::optional<PublishedFigures> published;
};

// A name has no '/', but a file in the current folder may be called as one.
bool is_path(std::string_view name) {
  std::error_code ignored;
  return name.find('/') != std::string_view::npos ||
         std::filesystem::is_regular_file(name, ignored);
}

[[noreturn]] void throw_unknown(std::string_view name) {
  if (is_path(name)) {
    throw base::InputError(
        {.file = "multiplier",
         .place = "",
         .found = "the file '" + std::string(name) + "'",
         .expected = "a name; `deepaxe multipliers import FILE --name NAME` gives a file one"});
  }
  const std::string_view stem = name.substr(0, name.find('('));  // "drun(4)" is near drum.
  std::vector<std::string> known;
  known.reserve(kLibrary.size() + families().size() + 1);
  for (const LibraryEntry& entry : kLibrary) known.emplace_back(entry.name);
  known.emplace_back(kExactName);
  std::ranges::move(user_library_names(), std::back_inserter(known));
  std::vector<std::string> forms;
  for (const FamilyInfo& info : families()) {
    known.emplace_back(info.name);
    forms.push_back(info.form());
  }
  throw base::InputError(
      {.file = "multiplier",
       .place = "",
       .found = "'" + std::string(name) + "'",
       .expected = "a known name (nearest: " +
                   base::join(base::nearest_names(stem, known, kNumOffered), ", ") +
                   "), or a family: " + base::join(forms, ", ")});
}

std::optional<Family> parse_family_of_input(std::string_view name) {
  try {
    return parse_family(name);
  } catch (const std::invalid_argument& error) {
    throw base::InputError({.file = "multiplier '" + std::string(name) + "'",
                            .place = "",
                            .found = error.what(),
                            .expected = ""});
  }
}

std::optional<Meaning> find_built_in(std::string_view name) {
  if (equal_ignoring_case(name, kExactName)) {
    return Meaning{.name = std::string(kExactName), .family = bam(0, 0), .published = std::nullopt};
  }
  for (const LibraryEntry& entry : kLibrary) {
    if (equal_ignoring_case(name, entry.name) || equal_ignoring_case(name, entry.full_name)) {
      return Meaning{std::string(entry.name), entry.family, entry.published};
    }
  }
  const std::optional<Family> family = parse_family_of_input(name);
  if (!family) return std::nullopt;
  return Meaning{to_string(*family), *family, std::nullopt};
}

NamedMultiplier build(Meaning meaning) {
  Netlist netlist = make_netlist(meaning.family);
  Multiplier multiplier(tabulate(netlist));
  return {.name = std::move(meaning.name),
          .multiplier = std::move(multiplier),
          .netlist = std::move(netlist),
          .family = meaning.family,
          .published = meaning.published,
          .given_luts = std::nullopt};
}

}  // namespace

std::span<const LibraryEntry> library() noexcept { return kLibrary; }

const Netlist& netlist_of(const NamedMultiplier& multiplier) {
  if (!multiplier.netlist) throw std::invalid_argument(multiplier.name + " has no netlist");
  return *multiplier.netlist;
}

bool is_built_in(std::string_view name) { return find_built_in(name).has_value(); }

MultiplierPtr find_multiplier(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, MultiplierPtr> kept;  // By stored name, or file of the import.
  std::optional<Meaning> meaning = find_built_in(name);
  const std::optional<std::filesystem::path> file =
      meaning ? std::nullopt : find_in_user_library(name);
  if (!meaning && !file) throw_unknown(name);
  const std::scoped_lock lock(mutex);
  MultiplierPtr& slot = kept[meaning ? meaning->name : file->string()];
  if (!slot) {
    slot = std::make_shared<const NamedMultiplier>(meaning ? build(std::move(*meaning))
                                                           : load_imported(*file));
  }
  return slot;
}

MultiplierPtr exact_multiplier() { return find_multiplier(kExactName); }

}  // namespace deepaxe::arith
