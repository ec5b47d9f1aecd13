#include "case_files.h"

#include <fstream>
#include <span>
#include <stdexcept>

#include "deepaxe/base/npy.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "kernel_check.h"

namespace deepaxe::conformance {
namespace {

using Json = nlohmann::ordered_json;

// The tensors that both our engine and the file have, in the order of the nodes.
Json layout_of(const RunCase& run) {
  Json layout = Json::array();
  std::size_t first = 0;
  for (std::size_t node = 0; node < run.tensors.size(); ++node) {
    if (run.tensors[node].empty() || run.tensor_of_node[node] < 0) continue;
    const model::Int8Node& found = run.model.nodes[node];
    const std::size_t size = model::num_elements(found.shape);
    layout.push_back({{"node", node},
                      {"tensor", run.tensor_of_node[node]},
                      {"name", found.name},
                      {"first", first},
                      {"size", size}});
    first += size;
  }
  return layout;
}

std::vector<std::int8_t> side_by_side(const RunCase& run, const Json& layout) {
  std::vector<std::int8_t> rows;
  for (std::size_t image = 0; image < static_cast<std::size_t>(run.num_images); ++image) {
    for (const Json& entry : layout) {
      const auto size = entry["size"].get<std::size_t>();
      const auto values =
          std::span(run.tensors[entry["node"].get<std::size_t>()]).subspan(image * size, size);
      rows.insert(rows.end(), values.begin(), values.end());
    }
  }
  return rows;
}

// Not base::write_file_atomically, which waits for the disk: these files are made again at will.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void write_rows(const std::vector<std::int8_t>& values, int num_rows,
                const std::filesystem::path& path) {
  const auto rows = static_cast<std::size_t>(num_rows);
  write_file(path, base::format_npy(base::make_npy(values, {rows, values.size() / rows})));
}

}  // namespace

RunCase run_case(const FileCase& file) {
  RunCase run;
  run.model =
      frontend::tflite::parse_tflite(file.tflite, file.name + ".tflite", &run.tensor_of_node);
  run.num_images =
      static_cast<int>(file.images.size() / model::num_elements(run.model.input_shape()));
  run.tensors = reference_tensors(run.model, file.images);
  return run;
}

Json write_case(const FileCase& file, const RunCase& run, const std::filesystem::path& folder) {
  const Json layout = layout_of(run);
  write_file(folder / (file.name + ".tflite"), file.tflite);
  write_rows(file.images, run.num_images, folder / (file.name + ".codes.npy"));
  write_rows(side_by_side(run, layout), run.num_images, folder / (file.name + ".tensors.npy"));
  return {{"name", file.name}, {"layout", layout}};
}

}  // namespace deepaxe::conformance
