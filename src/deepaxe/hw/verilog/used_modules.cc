#include "deepaxe/hw/verilog/used_modules.h"

#include <set>
#include <sstream>
#include <vector>

namespace deepaxe::hw::verilog {
namespace {

// Files of the modules that this text instantiates.
std::vector<std::string> instantiated(const std::string& text, const design::SourceFiles& files) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string module, name, bracket;
    words >> module >> name >> bracket;
    const bool is_instance = name.starts_with("#(") || bracket.starts_with('(');
    if (is_instance && files.contains(module + ".v")) found.push_back(module + ".v");
  }
  return found;
}

}  // namespace

void drop_unused_modules(design::SourceFiles& files, const std::string& top) {
  std::set<std::string> used;
  std::vector<std::string> open = {top + ".v"};
  while (!open.empty()) {
    const std::string file = open.back();
    open.pop_back();
    if (!used.insert(file).second) continue;
    const std::vector<std::string> below = instantiated(files.at(file), files);
    open.insert(open.end(), below.begin(), below.end());
  }
  std::erase_if(files, [&used](const auto& file) {
    return file.first.ends_with(".v") && !used.contains(file.first);
  });
}

}  // namespace deepaxe::hw::verilog
