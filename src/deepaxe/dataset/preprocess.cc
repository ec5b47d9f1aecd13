#include "deepaxe/dataset/preprocess.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "deepaxe/base/input_error.h"

namespace deepaxe::dataset {
namespace {

using base::InputError;
constexpr std::string_view kStandardPrefix = "standard:";

[[noreturn]] void reject(const std::string& text) {
  throw InputError({"--input", "", "'" + text + "'", "unit, raw or standard:MEAN,...;SD,..."});
}

std::vector<float> parse_numbers(std::string_view list, const std::string& whole) {
  std::vector<float> numbers;
  const char* at = list.data();
  const char* end = at + list.size();
  for (;;) {
    float value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value)) reject(whole);
    numbers.push_back(value);
    if (stop == end) return numbers;
    if (*stop != ',') reject(whole);
    at = stop + 1;
  }
}

// Scaling of the values of one channel.
class ChannelScaling {
 public:
  ChannelScaling(const Preprocessing& preprocessing, const ImageSet& images, std::size_t channel)
      : scaling_(preprocessing.scaling) {
    if (scaling_ == PixelScaling::kUnit && images.values_are_unit) scaling_ = PixelScaling::kRaw;
    if (scaling_ != PixelScaling::kStandard) return;
    const std::size_t entry = preprocessing.mean.size() == 1 ? 0 : channel;
    mean_ = preprocessing.mean[entry];
    standard_deviation_ = preprocessing.standard_deviation[entry];
  }
  float operator()(float x) const {
    switch (scaling_) {
      case PixelScaling::kUnit:
        return x / 255.0F;
      case PixelScaling::kRaw:
        return x;
      case PixelScaling::kStandard:
        break;
    }
    return (x - mean_) / standard_deviation_;
  }

 private:
  PixelScaling scaling_;
  float mean_ = 0, standard_deviation_ = 1;
};

void check_channels(const Preprocessing& preprocessing, const ImageSet& images) {
  const std::size_t given = preprocessing.mean.size();
  if (preprocessing.scaling != PixelScaling::kStandard || given == 1) return;
  if (given == static_cast<std::size_t>(images.channels)) return;
  throw InputError({"--input", "standard", std::to_string(given) + " means",
                    "1, or one for each of the " + std::to_string(images.channels) + " channels"});
}

}  // namespace

Preprocessing parse_preprocessing(const std::string& text) {
  if (text == "unit") return {};
  if (text == "raw") return {.scaling = PixelScaling::kRaw, .mean = {}, .standard_deviation = {}};
  const std::size_t semicolon = text.find(';');
  if (!text.starts_with(kStandardPrefix) || semicolon == std::string::npos) reject(text);
  const std::string_view numbers = std::string_view(text).substr(kStandardPrefix.size());
  const std::size_t split = semicolon - kStandardPrefix.size();
  Preprocessing result{.scaling = PixelScaling::kStandard,
                       .mean = parse_numbers(numbers.substr(0, split), text),
                       .standard_deviation = parse_numbers(numbers.substr(split + 1), text)};
  if (result.mean.size() != result.standard_deviation.size()) {
    throw InputError({"--input", "standard",
                      fmt::format("{} of means, {} of standard deviations", result.mean.size(),
                                  result.standard_deviation.size()),
                      "as many of both"});
  }
  for (const float sd : result.standard_deviation) {
    if (sd <= 0) {
      throw InputError({"--input", "standard", fmt::format("standard deviation {}", sd),
                        "a number above 0, by which pixels are divided"});
    }
  }
  return result;
}

std::string to_string(const Preprocessing& preprocessing) {
  switch (preprocessing.scaling) {
    case PixelScaling::kUnit:
      return "unit";
    case PixelScaling::kRaw:
      return "raw";
    case PixelScaling::kStandard:
      break;
  }
  // fmt's shortest form of a float reads back as the same float.
  const auto list = [](const std::vector<float>& numbers) {
    std::string text;
    for (const float number : numbers) text += fmt::format("{}{}", text.empty() ? "" : ",", number);
    return text;
  };
  return "standard:" + list(preprocessing.mean) + ";" + list(preprocessing.standard_deviation);
}

std::string describe(const Preprocessing& preprocessing, const ImageSet& images) {
  if (preprocessing.scaling != PixelScaling::kUnit) return to_string(preprocessing);
  return images.values_are_unit ? "unit (floats already in [0,1], not divided)" : "unit (x/255)";
}

std::vector<float> preprocess(const ImageSet& images, std::size_t first, std::size_t count,
                              const Preprocessing& preprocessing) {
  if (first > images.size() || count > images.size() - first) {
    throw std::invalid_argument("preprocess: images beyond the end of the set");
  }
  check_channels(preprocessing, images);
  const std::size_t begin = first * images.elements_per_image();
  std::vector<float> result(count * images.elements_per_image());
  // One scaling for all channels is one pass.
  const std::size_t channels =
      preprocessing.mean.size() > 1 ? static_cast<std::size_t>(images.channels) : 1;
  for (std::size_t c = 0; c < channels; ++c) {
    const ChannelScaling scale(preprocessing, images, c);
    if (images.has_floats()) {
      for (std::size_t i = c; i < result.size(); i += channels) {
        result[i] = scale(images.values[begin + i]);
      }
      continue;
    }
    std::array<float, 256> scaled{};
    for (std::size_t code = 0; code < 256; ++code) scaled[code] = scale(static_cast<float>(code));
    for (std::size_t i = c; i < result.size(); i += channels) {
      result[i] = scaled[images.bytes[begin + i]];
    }
  }
  return result;
}

}  // namespace deepaxe::dataset
