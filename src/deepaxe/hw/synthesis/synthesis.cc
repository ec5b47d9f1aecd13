#include "deepaxe/hw/synthesis/synthesis.h"

#include <fmt/format.h>
#include <stdlib.h>  // mkdtemp is not in <cstdlib>.

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/sha256.h"
#include "deepaxe/base/text.h"

namespace deepaxe::hw::synthesis {
namespace {

constexpr std::size_t kShownLines = 3;

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "deepaxe-yosys-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw base::InputError({name, "", std::strerror(errno), "a folder that can be written"});
    }
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

std::string text_of(const base::ChildResult& result) {
  return {reinterpret_cast<const char*>(result.output.data()), result.output.size()};
}

// In one line, as every message is.
std::string last_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t end = text.size();
  while (end > 0 && lines.size() < kShownLines) {
    const std::size_t start = text.rfind('\n', end - 1);
    const std::size_t first = start == std::string::npos ? 0 : start + 1;
    const std::string_view line = base::trim(std::string_view(text).substr(first, end - first));
    if (!line.empty()) lines.emplace_back(line);
    end = start == std::string::npos ? 0 : start;
  }
  std::reverse(lines.begin(), lines.end());
  return lines.empty() ? "nothing printed" : "last lines: " + base::join(lines, " | ");
}

}  // namespace

std::string find_yosys() {
  const base::ChildResult result = base::run_program({"yosys", "-V"}, {.seconds = 20});
  if (result.exit_code != 0 || result.signal != 0 || result.timed_out) return "";
  const std::string text = text_of(result);
  return text.substr(0, text.find('\n'));
}

std::string synthesis_script(const Unit& unit) {
  std::string sources;
  for (const auto& [name, content] : unit.files) {
    if (name.ends_with(".v")) sources += " " + name;
  }
  return fmt::format(
      "read_verilog -defer{}; synth_xilinx -family xc7 -nowidelut -noiopad{} -flatten -top {}; "
      "stat "
      "-tech xilinx",
      sources, unit.uses_dsps ? "" : " -nodsp", unit.top);
}

std::string content_key(const Unit& unit, const std::string& yosys_version) {
  base::Sha256 hash;
  hash.add(fmt::format("deepaxe synthesis 1\n{}\n{}\n", yosys_version, synthesis_script(unit)));
  for (const auto& [name, content] : unit.files) {
    hash.add(fmt::format("{} {}\n", name, content.size())).add(content);
  }
  return hash.hex();
}

CellCounts run_yosys(const Unit& unit, double seconds) {
  const ScratchFolder folder;
  for (const auto& [name, content] : unit.files) {
    base::write_file_atomically(folder.path() / name, content);
  }
  // Memories are read by the names of their files, so yosys works in the folder.
  const base::ChildResult result = base::run_program(
      {"env", "-C", folder.path().string(), "yosys", "-Q", "-T", "-p", synthesis_script(unit)},
      {.seconds = seconds});
  const std::string text = text_of(result);
  if (result.timed_out) {
    throw base::InputError({"yosys", unit.what,
                            fmt::format("no end within {} s; {}", seconds, last_lines(text)),
                            "--tool-seconds of more, or a smaller layer"});
  }
  if (result.exit_code != 0 || result.signal != 0) {
    throw base::InputError(
        {"yosys", unit.what,
         fmt::format("{} {}; {}", result.signal != 0 ? "ended by signal" : "exit code",
                     result.signal != 0 ? result.signal : result.exit_code, last_lines(text)),
         "a module that it can synthesize"});
  }
  return parse_statistics(text, "yosys: " + unit.what);
}

}  // namespace deepaxe::hw::synthesis
