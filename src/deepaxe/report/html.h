// The report page: one static, self-contained HTML file with tables and SVG charts.
#pragma once

#include <string>

#include "deepaxe/report/study_table.h"

namespace deepaxe::report {

/// No script, no outside resource; readable in print.
std::string html_page(const StudyTable& table);

}  // namespace deepaxe::report
