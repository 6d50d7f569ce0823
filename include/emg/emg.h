/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Myogram, the whole public face: read, analyse, report, simulate. */
#ifndef EMG_EMG_H
#define EMG_EMG_H

#include <emg/analysis.h>
#include <emg/batch.h>
#include <emg/block.h>
#include <emg/channel.h>
#include <emg/code.h>
#include <emg/coherence.h>
#include <emg/conditioned.h>
#include <emg/config.h>
#include <emg/densities.h>
#include <emg/ecg.h>
#include <emg/ecg_picture.h>
#include <emg/envelope.h>
#include <emg/event.h>
#include <emg/feature_rows.h>
#include <emg/feature_table.h>
#include <emg/features.h>
#include <emg/filter.h>
#include <emg/filter_stream.h>
#include <emg/multitaper.h>
#include <emg/peak.h>
#include <emg/powerline.h>
#include <emg/qrs.h>
#include <emg/quality.h>
#include <emg/quality_stream.h>
#include <emg/raw.h>
#include <emg/recording.h>
#include <emg/report.h>
#include <emg/report_json.h>
#include <emg/report_summary.h>
#include <emg/report_tables.h>
#include <emg/response_picture.h>
#include <emg/result.h>
#include <emg/rules.h>
#include <emg/run.h>
#include <emg/score.h>
#include <emg/score_page.h>
#include <emg/score_tables.h>
#include <emg/scoring.h>
#include <emg/setting.h>
#include <emg/simulate.h>
#include <emg/simulation.h>
#include <emg/sketch.h>
#include <emg/slopes.h>
#include <emg/software.h>
#include <emg/spectrogram.h>
#include <emg/spectrogram_view.h>
#include <emg/spectrum.h>
#include <emg/status.h>
#include <emg/version.h>
#include <emg/welch.h>
#include <emg/window.h>

#endif
