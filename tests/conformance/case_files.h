// case_files: a folder of cases, as compare_with_litert.py and the recorded test read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::conformance {

/// A file as some writer made it, and what it is fed.
struct FileCase {
  std::string name;
  std::vector<std::byte> tflite;
  std::vector<std::int8_t> images;  ///< [images, elements of the input], int8 codes.
};

/// A file of ours read back, with every tensor that the reference kernels make of it.
struct RunCase {
  model::Int8Model model;
  std::vector<int> tensor_of_node;  ///< As read_tflite gives it.
  int num_images = 0;
  std::vector<std::vector<std::int8_t>> tensors;  ///< As reference_tensors gives them.
};

/// Throws base::InputError where our reader or engine refuses the file.
RunCase run_case(const FileCase& file);

/// Writes NAME.tflite, NAME.codes.npy, int8 [images, elements], and NAME.tensors.npy, int8 [images,
/// elements of all tensors side by side]. The result is the case's entry in cases.json, which says
/// where each tensor lies.
nlohmann::ordered_json write_case(const FileCase& file, const RunCase& run,
                                  const std::filesystem::path& folder);

}  // namespace deepaxe::conformance
