#include "deepaxe/arith/recognition.h"

#include <unordered_map>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/multiplier.h"
#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {
namespace {

// The library first, then every member of every family.
std::vector<Family> known_circuits() {
  std::vector<Family> circuits;
  for (const LibraryEntry& entry : library()) circuits.push_back(entry.family);
  for (const FamilyInfo& info : families()) {
    const std::vector<Family> members = all_members(info);
    circuits.insert(circuits.end(), members.begin(), members.end());
  }
  return circuits;
}

std::unordered_map<std::string, Family> index_by_identity() {
  std::unordered_map<std::string, Family> index;
  for (const Family& family : known_circuits()) {
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
