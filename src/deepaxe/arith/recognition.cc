#include "deepaxe/arith/recognition.h"

#include <unordered_map>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/multiplier.h"
#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {
namespace {

std::vector<Family> all_families() {
  std::vector<Family> families;
  for (const LibraryEntry& entry : library()) families.push_back(entry.family);
  for (int h = 0; h <= 8; ++h) {
    for (int v = 0; v <= 15; ++v) families.push_back({.kind = FamilyKind::kBam, .h = h, .v = v});
  }
  for (int k = 0; k <= 7; ++k) families.push_back({.kind = FamilyKind::kTrunc, .k = k});
  return families;
}

std::unordered_map<std::string, Family> index_by_identity() {
  std::unordered_map<std::string, Family> index;
  for (const Family& family : all_families()) {
    index.try_emplace(Multiplier(tabulate(make_netlist(family))).identity(), family);
  }
  return index;
}

}  // namespace

std::optional<Family> recognize(const std::string& identity) {
  static const std::unordered_map<std::string, Family> index = index_by_identity();
  const auto found = index.find(identity);
  if (found == index.end()) return std::nullopt;
  return found->second;
}

std::string describe(const Family& family) {
  for (const LibraryEntry& entry : library()) {
    if (entry.family == family) return std::string(entry.name) + " = " + to_string(family);
  }
  return to_string(family);
}

}  // namespace deepaxe::arith
