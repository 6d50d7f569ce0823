/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of features: name, columns, unit, meaning, formula and source of each, and choices among them. */
#include <emg/feature_table.h>
#include <emg/features.h>

#include <math.h>
#include <string.h>

#include "base/base.h"

#define AT(member) offsetof(emg_features, member)
#define TIME EMG_FEATURES_TIME, true
#define FREQUENCY EMG_FEATURES_FREQUENCY, true
#define QUALITY EMG_FEATURES_QUALITY, false

/* P: one-sided density over the bins of the band, df their width; M_k = sum f^k P df. */
static const emg_feature rows[] = {
    { "iemg", "iemg_uv", "iemg_rel", "uV", TIME, AT(iemg), "integrated EMG", "sum |x|", "Phinyomark 2012" },
    { "mav", "mav_uv", "mav_rel", "uV", TIME, AT(mav), "mean absolute value", "sum |x| / N", "Phinyomark 2012" },
    { "rms", "rms_uv", "rms_rel", "uV", TIME, AT(rms), "root mean square", "sqrt(sum x^2 / N)", "Phinyomark 2012" },
    { "var", "var_uv2", "var_rel", "uV^2", TIME, AT(var), "variance of a signal without a mean", "sum x^2 / (N - 1)",
      "Phinyomark 2012" },
    { "ssi", "ssi_uv2", "ssi_rel", "uV^2", TIME, AT(ssi), "simple square integral", "sum x^2", "Phinyomark 2012" },
    { "wl", "wl_uv", "wl_rel", "uV", TIME, AT(wl), "waveform length", "sum |x_{i+1} - x_i|", "Hudgins 1993" },
    { "aac", "aac_uv", "aac_rel", "uV", TIME, AT(aac), "average amplitude change", "WL / N", "Phinyomark 2012" },
    { "zc", "zc", NULL, "", TIME, AT(zc), "zero crossings", "#{ x_i x_{i+1} < 0 and |x_i - x_{i+1}| >= threshold }",
      "Hudgins 1993" },
    { "ssc", "ssc", NULL, "", TIME, AT(ssc), "slope sign changes",
      "#{ (x_i - x_{i-1})(x_i - x_{i+1}) > 0 and max(|x_i - x_{i-1}|, |x_i - x_{i+1}|) >= threshold }",
      "Hudgins 1993" },
    { "wamp", "wamp", NULL, "", TIME, AT(wamp), "Willison amplitude", "#{ |x_i - x_{i+1}| >= threshold }",
      "Willison 1963" },
    { "turns", "turns_per_s", NULL, "1/s", TIME, AT(turns_per_s), "changes of direction after a long enough swing",
      "turns / (N / rate); a turn ends a swing of at least the turn threshold and the signal goes back by as much",
      "Willison 1964" },
    { "turn_amplitude", "turn_amplitude_uv", "turn_amplitude_rel", "uV", TIME, AT(turn_amplitude),
      "mean length of the swings that end in a turn", "sum |turn_k - turn_{k-1}| / turns", "Willison 1964" },
    { "tkeo", "tkeo_uv2", "tkeo_rel", "uV^2", TIME, AT(tkeo), "mean of the Teager-Kaiser energy operator",
      "mean of x_i^2 - x_{i-1} x_{i+1}", "Kaiser 1990" },
    { "kurtosis", "kurtosis", NULL, "", TIME, AT(kurtosis), "kurtosis of the samples, 3 for Gaussian noise",
      "m_4 / m_2^2 about the mean", "Joanes and Gill 1998 (g_2 + 3)" },
    { "crest", "crest_factor", NULL, "", TIME, AT(crest), "crest factor", "max |x| / RMS", "usual definition" },
    { "mnf", "mean_frequency_hz", NULL, "Hz", FREQUENCY, AT(mnf), "mean frequency", "M_1 / M_0",
      "Stulen and De Luca 1981" },
    { "mdf", "median_frequency_hz", NULL, "Hz", FREQUENCY, AT(mdf), "median frequency, interpolated within its bin",
      "sum of P up to MDF = half of the sum", "Stulen and De Luca 1981" },
    { "pkf", "peak_frequency_hz", NULL, "Hz", FREQUENCY, AT(pkf), "frequency of the largest density", "argmax P",
      "Phinyomark 2012" },
    { "ttp", "total_power_uv2", "total_power_rel", "uV^2", FREQUENCY, AT(ttp), "power in the band", "M_0",
      "Phinyomark 2012" },
    { "mnp", "mean_power_uv2", "mean_power_rel", "uV^2", FREQUENCY, AT(mnp), "mean power of a bin",
      "M_0 / (number of bins)", "Phinyomark 2012" },
    { "sm1", "moment1_uv2_hz", "moment1_rel", "uV^2 Hz", FREQUENCY, AT(sm1), "first spectral moment", "M_1",
      "Du and Vuskovic 2004" },
    { "sm2", "moment2_uv2_hz2", "moment2_rel", "uV^2 Hz^2", FREQUENCY, AT(sm2), "second spectral moment", "M_2",
      "Du and Vuskovic 2004" },
    { "sm3", "moment3_uv2_hz3", "moment3_rel", "uV^2 Hz^3", FREQUENCY, AT(sm3), "third spectral moment", "M_3",
      "Du and Vuskovic 2004" },
    { "vcf", "frequency_variance_hz2", NULL, "Hz^2", FREQUENCY, AT(vcf), "variance of central frequency",
      "M_2 / M_0 - (M_1 / M_0)^2", "Phinyomark 2012" },
    { "bandwidth", "bandwidth_hz", NULL, "Hz", FREQUENCY, AT(bandwidth), "spread about the mean frequency", "sqrt(VCF)",
      "usual definition" },
    { "spectral_skewness", "spectral_skewness", NULL, "", FREQUENCY, AT(skewness),
      "asymmetry of the spectrum about the mean frequency", "sum (f - MNF)^3 P / sum P / VCF^1.5", "usual definition" },
    { "spectral_kurtosis", "spectral_kurtosis", NULL, "", FREQUENCY, AT(spread_kurtosis),
      "weight of the spectrum's tails about the mean frequency", "sum (f - MNF)^4 P / sum P / VCF^2",
      "usual definition" },
    { "sef95", "edge_frequency_hz", NULL, "Hz", FREQUENCY, AT(sef95), "spectral edge: 95 % of the power lies below",
      "sum of P up to SEF95 = 0.95 of the sum, interpolated", "usual definition" },
    { "finsm1", "finsm1_s2", NULL, "s^2", FREQUENCY, AT(finsm1), "index of fatigue of order 1", "M_-1 / M_1",
      "after Dimitrov 2006" },
    { "finsm2", "finsm2_s3", NULL, "s^3", FREQUENCY, AT(finsm2), "index of fatigue of order 2", "M_-1 / M_2",
      "Dimitrov 2006" },
    { "finsm3", "finsm3_s4", NULL, "s^4", FREQUENCY, AT(finsm3), "index of fatigue of order 3", "M_-1 / M_3",
      "Dimitrov 2006" },
    { "finsm4", "finsm4_s5", NULL, "s^5", FREQUENCY, AT(finsm4), "index of fatigue of order 4", "M_-1 / M_4",
      "Dimitrov 2006" },
    { "finsm5", "finsm5_s6", NULL, "s^6", FREQUENCY, AT(finsm5), "index of fatigue of order 5, the usual one",
      "M_-1 / M_5", "Dimitrov 2006" },
    { "spectral_entropy", "spectral_entropy", NULL, "", FREQUENCY, AT(entropy), "0 (a line) to 1 (flat)",
      "-sum p log2 p / log2 n, p = P / sum P over n bins", "Inouye 1991" },
    { "flatness", "spectral_flatness", NULL, "", FREQUENCY, AT(flatness), "0 (a line) to 1 (flat)",
      "geometric mean of P / arithmetic mean of P", "Johnston 1988" },
    { "snr", "snr_db", NULL, "dB", QUALITY, AT(snr_db), "signal over what is there at rest",
      "10 log10(P_active / P_rest - 1), P the mean squares", "Sinderby 1995" },
    { "dp_ratio", "dp_ratio", NULL, "", QUALITY, AT(dp_ratio), "drop in power density",
      "highest / lowest mean of P over 13 neighbouring bins from 35 to 600 Hz of the band", "after Sinderby 1995" },
    { "ohm_ratio", "ohm_ratio", NULL, "", QUALITY, AT(ohm_ratio), "deformation of the spectrum",
      "sqrt(M_2 / M_0) / (M_1 / M_0)", "Sinderby 1995" },
    { "sm_ratio", "sm_ratio", NULL, "", QUALITY, AT(sm_ratio), "signal over motion, for a band that begins below 20 Hz",
      "sum of P up to 600 Hz / sum below 20 Hz of what exceeds the line from 0 to the highest mean of P over 13 bins "
      "above 35 Hz",
      "after Sinderby 1995" },
    { "sampen", "sample_entropy", NULL, "", EMG_FEATURES_ENTROPY, false, AT(sampen),
      "sample entropy, m = 2, r = 0.2 sd", "-ln(A / B), A and B the pairs of templates of m + 1 and m samples within r",
      "Richman and Moorman 2000" },
};

enum { N_ROWS = sizeof rows / sizeof *rows };
_Static_assert(N_ROWS < 64, "a choice has a bit for each row");

const emg_feature *emg_feature_row(size_t index)
{
    return index < N_ROWS ? &rows[index] : NULL;
}

double emg_feature_value(const emg_feature *row, const emg_features *features)
{
    double value = NAN;
    if (row && features)
        memcpy(&value, (const char *)features + row->offset, sizeof value);
    return value;
}

emg_feature_choice emg_feature_choice_defaults(void)
{
    emg_feature_choice choice = { 0, false };
    for (size_t i = 0; i < N_ROWS; i++)
        choice.rows |= (uint64_t)rows[i].by_default << i;
    return choice;
}

static bool same(const char *word, size_t n, const char *name)
{
    return strlen(name) == n && memcmp(word, name, n) == 0;
}

/* The rows that one word names; 0 for none. */
static uint64_t rows_of(const char *word, size_t n)
{
    static const char *const groups[] = { [EMG_FEATURES_TIME] = "time",
                                          [EMG_FEATURES_FREQUENCY] = "frequency",
                                          [EMG_FEATURES_QUALITY] = "quality",
                                          [EMG_FEATURES_ENTROPY] = "entropy" };
    uint64_t found = 0;
    for (size_t i = 0; i < N_ROWS; i++) {
        bool wanted = same(word, n, "all") || same(word, n, rows[i].name) || same(word, n, groups[rows[i].group]) ||
                      (rows[i].by_default && same(word, n, "default"));
        found |= (uint64_t)wanted << i;
    }
    return found;
}

emg_status emg_feature_choice_read(emg_feature_choice *choice, const char *list, emg_error *err)
{
    if (!choice || !list)
        return emgp_fail(err, EMG_EARG, "no choice or no list of features was given");
    emg_feature_choice read = { 0, false };
    for (const char *word = list;; word++) {
        size_t n = strcspn(word, ",");
        uint64_t found = rows_of(word, n);
        bool multitaper = same(word, n, "multitaper");
        if (!found && !multitaper) {
            char shown[64];
            emgp_text_printable(shown, sizeof shown, word, n);
            return emgp_fail(err, EMG_EARG, "there is no feature '%s'", shown);
        }
        read.rows |= found;
        read.multitaper = read.multitaper || multitaper;
        word += n;
        if (!*word)
            break;
    }
    if (read.rows == 0)
        read.rows = emg_feature_choice_defaults().rows;
    *choice = read;
    return EMG_OK;
}
