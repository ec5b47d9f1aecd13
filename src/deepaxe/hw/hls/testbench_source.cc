#include "deepaxe/hw/hls/testbench_source.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

namespace deepaxe::hw::hls {
namespace {

// TOP stands for the name of the top function.
constexpr std::string_view kTestbench =
    R"(// Test bench: the accelerator against the expected logits, or over a file of images.
//   testbench [vectors.txt]           compares; exit 0 if all logits are equal, 1 if not
//   testbench IMAGES.bin LOGITS.bin   reads int8 images, writes their int8 logits; with
//                                     DEEPAXE_TRACE the codes of all layers, the logits last
// Exit 2: a file that cannot be read or written.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "accelerator.h"

#ifdef DEEPAXE_TRACE
static std::ofstream trace;
void trace_layer(const std::int8_t* codes, int count) {
  if (trace.is_open()) trace.write(reinterpret_cast<const char*>(codes), count);
}
#endif

namespace {

const int kMaxPrinted = 20;  // Differences printed; all are counted.

int fail(const std::string& file, const std::string& problem) {
  std::cerr << file << ": " << problem << "\n";
  return 2;
}

// `count` numbers of the text as codes.
bool read_codes(std::istream& stream, std::int8_t* codes, int count) {
  for (int i = 0; i < count; ++i) {
    int code = 0;
    if (!(stream >> code) || code < -128 || code > 127) {
      return false;
    }
    codes[i] = static_cast<std::int8_t>(code);
  }
  return true;
}

// Prints the logits of one image that are not as expected, and returns how many.
int count_differences(int image, const std::int8_t* logits, const std::int8_t* expected,
                      int already_printed) {
  int differences = 0;
  for (int i = 0; i < kNumLogits; ++i) {
    if (logits[i] == expected[i]) {
      continue;
    }
    if (already_printed + differences < kMaxPrinted) {
      std::cout << "image " << image << " logit " << i << ": " << int(logits[i]) << ", expected "
                << int(expected[i]) << "\n";
    }
    ++differences;
  }
  return differences;
}

int compare_with_vectors(const std::string& file) {
  std::ifstream stream(file);
  std::string images_word, inputs_word, logits_word;
  int num_images = 0, num_inputs = 0, num_logits = 0;
  if (!(stream >> images_word >> num_images >> inputs_word >> num_inputs >> logits_word >>
        num_logits)) {
    return fail(file, "cannot be read, expected `images N inputs I logits L`");
  }
  if (num_inputs != kNumInputs || num_logits != kNumLogits) {
    return fail(file, "other sizes than the accelerator's");
  }
  std::vector<std::int8_t> image(kNumInputs), expected(kNumLogits), logits(kNumLogits);
  int differences = 0;
  for (int n = 0; n < num_images; ++n) {
    if (!read_codes(stream, image.data(), kNumInputs) ||
        !read_codes(stream, expected.data(), kNumLogits)) {
      return fail(file, "ends or is damaged at image " + std::to_string(n));
    }
    TOP(image.data(), logits.data());
    differences += count_differences(n, logits.data(), expected.data(), differences);
  }
  std::cout << num_images << " images, " << differences << " differing logits of "
            << static_cast<long long>(num_images) * kNumLogits << "\n";
  return differences == 0 ? 0 : 1;
}

int run_images(const std::string& image_file, const std::string& logits_file) {
  std::ifstream images(image_file, std::ios::binary);
  if (!images) {
    return fail(image_file, "cannot be read");
  }
#ifdef DEEPAXE_TRACE
  std::ofstream& out = trace;
  out.open(logits_file, std::ios::binary);
#else
  std::ofstream out(logits_file, std::ios::binary);
#endif
  std::vector<char> bytes(kNumInputs), answer(kNumLogits);
  std::vector<std::int8_t> image(kNumInputs), logits(kNumLogits);
  long long count = 0;
  while (images.read(bytes.data(), kNumInputs)) {
    for (int i = 0; i < kNumInputs; ++i) {
      image[std::size_t(i)] = static_cast<std::int8_t>(bytes[std::size_t(i)]);
    }
    TOP(image.data(), logits.data());
    for (int i = 0; i < kNumLogits; ++i) {
      answer[std::size_t(i)] = static_cast<char>(logits[std::size_t(i)]);
    }
#ifndef DEEPAXE_TRACE
    out.write(answer.data(), kNumLogits);
#endif
    ++count;
  }
  if (images.gcount() != 0) {
    return fail(image_file, "its size is no multiple of " + std::to_string(kNumInputs));
  }
  out.close();
  if (!out) {
    return fail(logits_file, "cannot be written");
  }
  std::cout << count << " images\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 3) {
    std::cerr << "usage: testbench [vectors.txt] | testbench IMAGES.bin LOGITS.bin\n";
    return 2;
  }
  if (argc == 3) {
    return run_images(argv[1], argv[2]);
  }
  return compare_with_vectors(argc == 2 ? argv[1] : "vectors.txt");
}
)";

void append_codes(std::string& text, std::span<const std::int8_t> codes) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i > 0) text += ' ';
    text += fmt::format_int(codes[i]).str();
  }
  text += '\n';
}

}  // namespace

std::string testbench_source(const std::string& top) {
  constexpr std::string_view kPlaceholder = "TOP(";
  std::string text(kTestbench);
  for (std::size_t at = 0; (at = text.find(kPlaceholder, at)) != std::string::npos;) {
    text.replace(at, kPlaceholder.size(), top + "(");
    at += top.size();
  }
  return text;
}

std::string vectors_text(const design::TestVectors& vectors, std::size_t num_inputs,
                         std::size_t num_logits) {
  std::string text =
      fmt::format("images {} inputs {} logits {}\n", vectors.count, num_inputs, num_logits);
  const std::span images(vectors.images), logits(vectors.logits);
  for (std::size_t n = 0; n < static_cast<std::size_t>(vectors.count); ++n) {
    append_codes(text, images.subspan(n * num_inputs, num_inputs));
    append_codes(text, logits.subspan(n * num_logits, num_logits));
  }
  return text;
}

}  // namespace deepaxe::hw::hls
