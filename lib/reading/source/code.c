/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table of everything that reading may meet: the reader, its documentation and emg-info take it from here. */
#include "reading/source/source.h"

#include <string.h>

#define READ EMG_CODE_READ
#define MEND EMG_CODE_REPAIRED
#define DENY EMG_CODE_REFUSED

static const emg_code table[] = {
    /* formats */
    { READ, "EDF", "version 0, reserved field blank", "16-bit samples, one segment" },
    { READ, "EDF+C", "reserved field EDF+C", "16-bit samples, annotations; record times are checked" },
    { READ, "EDF+D", "reserved field EDF+D", "16-bit samples, annotations; segments by the record times" },
    { READ, "BDF", "version 0xFF BIOSEMI, reserved field 24BIT", "24-bit samples, one segment" },
    { READ, "BDF+C", "reserved field BDF+C", "24-bit samples, annotations; record times are checked" },
    { READ, "BDF+D", "reserved field BDF+D", "24-bit samples, annotations; segments by the record times" },
    { READ, "WAV", "RIFF, WAVE", "integers of 8 to 32 bits, single and double precision" },
    { READ, "RF64", "RF64, WAVE", "the same beyond 4 GiB" },
    { READ, "W64", "the Wave64 identifier", "the same beyond 4 GiB" },
    { READ, "FLAC", "fLaC", "integers of 8 to 24 bits" },
    { READ, "table", "lines of numbers", "CSV, TSV and texts: a column a channel, one of time unless a rate is given" },

    /* EDF and BDF: the header */
    { MEND, "W_VERSION", "a version field that holds a date or another text before a header that is sound",
      "read as EDF, or as BDF where the reserved field says so" },
    { MEND, "W_RESERVED", "reserved field neither blank nor a known mark", "read as plain EDF or BDF" },
    { MEND, "W_NUL_PADDING", "NULs where spaces belong", "NULs taken as spaces" },
    { MEND, "W_LEFT_PADDING", "a field that does not begin at the left", "spaces on the left ignored" },
    { MEND, "W_TEXT", "header bytes outside printable ASCII",
      "bytes other than printable ASCII shown as UTF-8 or \\xNN" },
    { MEND, "W_DECIMAL_COMMA", "a comma as decimal point", "comma read as the decimal point" },
    { MEND, "W_EXPONENT", "a number with an exponent", "number with an exponent read as such" },
    { MEND, "W_PATIENT_FIELDS", "EDF+ patient identification without its subfields", "kept as free text" },
    { MEND, "W_RECORDING_FIELDS", "EDF+ recording identification without its subfields", "kept as free text" },
    { MEND, "W_DATE", "no date", "not a date: the start is taken as unknown" },
    { MEND, "W_DATE_FORMAT", "a date with other separators or missing zeros", "read as dd.mm.yy" },
    { MEND, "W_DATE_MISMATCH", "two dates that differ", "the start date field is used" },
    { MEND, "W_TIME", "no time of day", "not a time of day: the start is taken as unknown" },
    { MEND, "W_TIME_FORMAT", "a time with other separators or missing zeros", "read as hh.mm.ss" },
    { MEND, "W_HEADER_BYTES", "header length other than 256 x (signals + 1)",
      "the computed one is used when the file's size proves it" },
    { MEND, "W_NREC_UNKNOWN", "record count -1 or blank", "records are counted by the file's size" },
    { MEND, "W_NREC_HIGH", "record count above what the file holds", "the complete records that are there are read" },
    { MEND, "W_NO_RECORDS", "no data records", "a recording without samples" },
    { MEND, "W_TRUNCATED_RECORD", "bytes of an incomplete last record", "left out" },
    { MEND, "W_TRAILING_BYTES", "bytes after the last record", "left out" },

    /* EDF and BDF: signals */
    { MEND, "W_LABEL_BLANK", "a blank label", "told apart by the signal's number" },
    { MEND, "W_LABEL_DUPLICATE", "labels that are the same", "told apart by the signal's number" },
    { MEND, "W_UNIT_SPELLING", "a voltage in an unusual spelling", "read as the voltage it means" },
    { MEND, "W_UNIT_BLANK", "no physical dimension", "uncalibrated: relative numbers only" },
    { MEND, "W_UNITS_DIFFER", "channels of one muscle in different units", "each is a muscle of its own" },
    { MEND, "W_UNIT_UNKNOWN", "a physical dimension that is not known", "kept, not converted" },
    { MEND, "W_CALIBRATION", "physical or digital limits that give no scale", "the signal is left out" },
    { MEND, "W_DIGITAL_FORM", "digital limits with a decimal point or an exponent",
      "read as the whole number they are" },
    { MEND, "W_DIGITAL_RANGE", "digital limits beyond what a sample can hold", "the scale is kept" },
    { MEND, "W_NO_SAMPLES", "a signal without samples in a record, or a wave file without samples",
      "the signal is left out; a recording without samples" },
    { MEND, "W_NO_RATE", "ordinary signals in records of duration 0", "the signal is left out" },
    { MEND, "W_SAMPLE_RANGE", "samples outside the digital limits", "kept as they are, and counted" },

    /* EDF and BDF: record times and annotations */
    { MEND, "W_ANNOTATION_LABEL", "an annotation label in another spelling", "taken as an annotation signal" },
    { MEND, "W_ANNOTATION_IN_PLAIN", "an annotation signal in plain EDF or BDF",
      "taken as an annotation signal though the file is not marked as EDF+ or BDF+" },
    { MEND, "W_NO_ANNOTATION_SIGNAL", "EDF+C or BDF+C without an annotation signal", "read as plain EDF or BDF" },
    { MEND, "W_RECORD_TIME_MISSING", "records without a readable time", "taken to follow the record before" },
    { MEND, "W_RECORD_TIME_FORM", "record times in an unusual form", "read" },
    { MEND, "W_RECORD_TIME_WRONG", "record times that do not fit, found while reading a contiguous file",
      "the records are taken as contiguous" },
    { MEND, "W_GAP", "gaps in a file that says it has none", "read with its gaps" },
    { MEND, "W_OVERLAP", "records that begin before the one before ends",
      "placed one after the other; in a contiguous file the times are ignored" },
    { MEND, "W_START_CLOCK", "a first record that does not start within the first second",
      "time 0 is its first sample" },
    { MEND, "W_ANNOTATION_ONSET", "annotations without a readable onset or duration", "left out" },
    { MEND, "W_ANNOTATION_FORM", "onsets without a sign or with a comma", "read" },
    { MEND, "W_ANNOTATION_CUT", "annotations that do not end inside their record", "left out" },
    { MEND, "W_ANNOTATION_TEXT", "texts that are not UTF-8 or hold control bytes", "shown escaped" },
    { MEND, "W_ANNOTATION_BRIDGED", "annotations that run on from the record's time", "read" },

    /* audio */
    { MEND, "W_DATA_SIZE", "a data size that is not that of the file", "frames by the file's size" },
    { MEND, "W_PARTIAL_FRAME", "a data chunk that ends inside a frame", "the incomplete frame is left out" },
    { MEND, "W_FORMAT_CHUNK", "a format chunk with half an extension size", "half an extension size is ignored" },
    { MEND, "W_JUSTIFICATION", "24-bit samples that do not stand in the high three of four bytes",
      "read where they stand" },
    { MEND, "W_NOT_FINITE", "samples that are NaN or infinite", "gaps" },
    { MEND, "W_SAMPLE_HUGE", "samples beyond 1e12", "gaps" },

    /* any recording */
    { MEND, "W_TABLE_GAP", "gaps in a table's column of time", "gaps of the recording" },
    { MEND, "W_TABLE_CUT", "a last line of a table that is no whole row", "left out" },
    { MEND, "W_SIDECAR", "a BIDS file beside the recording that cannot be used, or names channels that are not there",
      "ignored" },
    { MEND, "W_ENVELOPE", "EMG that is rectified or averaged: an envelope",
      "no muscle: discharges and spectra of an envelope mean nothing" },
    { MEND, "W_TYPE_ASSUMED", "no channel is named as a muscle",
      "channels of 150 Hz or more that nothing names are taken as muscles" },
    { MEND, "W_UNRECOGNISED", "a voltage of 100 Hz or more that nothing names, beside channels that something names",
      "left out: take it with -c LABEL, --muscles FILE or --all-channels" },
    { MEND, "W_MAP_ROW", "rows of a muscle map that name no channel", "ignored" },
    { MEND, "W_MARKS_ROW", "rows of a table of marks without an onset or a text, or with what is no number of seconds",
      "left out" },
    { MEND, "W_MARKS_ALIGNED", "marks in a file that has a start time of its own",
      "moved by the difference of the start times" },
    { MEND, "W_MARKS_FROM_START", "marks in a file without a start time",
      "they count from the recording's first sample" },
    { MEND, "W_MARK_POINT", "annotations asked for as stretches that have no duration", "they mark no stretch" },
    { MEND, "W_MARK_NONE", "no annotation matches a text that should choose or leave out stretches",
      "the pattern chooses nothing and leaves out nothing" },
    { MEND, "W_MARK_UNMATCHED", "no annotation matches a text that should mark rest, task, stretch or stimulus",
      "the pattern marks nothing" },
    { MEND, "W_STRETCH_SHORT", "stretches shorter than episode.segment_least_s", "left out" },
    { MEND, "W_RATE_TOO_LOW", "a sampling rate too low for the analysis band", "the channel is left out" },
    { MEND, "W_RATE_LOW", "a sampling rate too low for EMG spectra",
      "the band ends at 0.45 of the rate; fasciculations and short jerks are not told apart by their length" },
    { MEND, "W_BAND_CLIPPED", "an upper corner beyond 0.45 of the sampling rate", "the band ends at 0.45 of the rate" },
    { MEND, "W_FILE_GROWN", "a file that grew while it was read", "what it held when opened is reported" },
    { MEND, "W_FILE_SHRUNK", "a file that shrank while it was read", "what it held when opened is reported" },
    { MEND, "W_FILE_CHANGED", "a file that was written to while it was read, its size being the same",
      "what was read may be of two states: read it again" },
    { MEND, "W_MORE", "more deviations than are listed", "further deviations are only counted" },

    /* refusals: any file */
    { DENY, "EMG_EIO", "no such file, or no right to read it", "cannot be opened" },
    { DENY, "EMG_EIO", "a link that leads nowhere", "a link to a file that is not there" },
    { DENY, "EMG_EIO", "a link of git-annex to data that are not there",
      "a link of git-annex to data that are not here" },
    { DENY, "EMG_EIO", "a folder, a pipe or a device",
      "not a regular file: give the path of a recording (emg-report takes folders), or - and the recording on standard input" },
    { DENY, "EMG_EIO", "the system fails to read", "cannot be read" },
    { DENY, "EMG_EIO", "a file that shrinks below what is being read",
      "it is being written to; copy it and read the copy" },
    { DENY, "EMG_EIO",
      "a channels.tsv or emg.json beside the recording, or a folder where one may lie, that cannot be read",
      "beside the recording cannot be read" },
    { DENY, "EMG_EIO", "a recording that changes between two readings of one run", "changed while it was read" },
    { DENY, "EMG_EFORMAT", "no bytes", "the file is empty; copy it again" },
    { DENY, "EMG_EFORMAT", "an EDF or BDF version field that is nearly right", "the header is damaged" },
    { DENY, "EMG_EFORMAT", "a BDF header whose first byte is lost or doubled, or was converted to UTF-8",
      "copy the file again without conversion" },
    { DENY, "EMG_EFORMAT", "a pointer of Git LFS or git-annex", "instead of the data: get it with" },
    { DENY, "EMG_EFORMAT", "a web page", "the download gave a page instead of the file" },
    { DENY, "EMG_EFORMAT", "gzip, bzip2, xz, Zstandard, ZIP, 7-Zip, RAR, tar", "unpack it" },
    { DENY, "EMG_EFORMAT",
      "GDF, XDF, BrainVision, Poly5, Axon, TDMS, HEKA, HDF5, MATLAB, NumPy, NetCDF, Parquet, Excel, RIFX, AIFF, Ogg",
      "convert it to" },
    { DENY, "EMG_EFORMAT", "a text that is no table", "a text without rows of numbers in its first" },
    { DENY, "EMG_EFORMAT", "a table with a cell that is no number", "is no number (the decimal mark is a" },
    { DENY, "EMG_EFORMAT", "a table whose rows differ in length", "as in the first row; correct the row" },
    { DENY, "EMG_EFORMAT", "a table with a line that no table has", "bytes: no table" },
    { DENY, "EMG_EFORMAT", "a table whose time is missing", "the time is missing; give the rate with --rate" },
    { DENY, "EMG_EFORMAT", "a table whose time goes back", "the time goes back by" },
    { DENY, "EMG_EFORMAT", "a table whose time stands still", "the time does not advance: give the rate with --rate" },
    { DENY, "EMG_EFORMAT", "a table of less than 10 Hz or more than 10 MHz by its time",
      "name its unit in the header, as in" },
    { DENY, "EMG_EFORMAT", "a table without a time or a rate", "no column of the table holds the time" },
    { DENY, "EMG_EFORMAT", "a table of times only", "the table has a column of time and no other" },
    { DENY, "EMG_EUNSUPPORTED", "a table with gaps of more than 134217728 rows",
      "the gaps are too long for one recording" },
    { DENY, "EMG_EFORMAT", "a RIFF file that is no WAVE file", "a RIFF file without WAVE data" },
    { DENY, "EMG_EFORMAT", "any other first bytes", "not a recording: the first bytes are those of no EDF, BDF" },
    { DENY, "EMG_EFORMAT", "any deviation, in strict reading", "refused by strict reading" },

    /* refusals: EDF and BDF */
    { DENY, "EMG_EFORMAT", "a file shorter than the fixed header", "the header is cut off: it needs at least" },
    { DENY, "EMG_EFORMAT", "a signal count that is none", "is not a number from 1 to 9999: the header is damaged" },
    { DENY, "EMG_EFORMAT", "a signal count whose header is longer than the file",
      "the count is wrong or the file is cut off" },
    { DENY, "EMG_EFORMAT", "samples per record that are no count",
      "is not a count: the layout of the records is unknown" },
    { DENY, "EMG_EFORMAT", "0 samples per record in every signal",
      "like that of every signal: there is nothing to read" },
    { DENY, "EMG_EFORMAT", "a record duration that is none",
      "is not a duration in seconds: no sampling rate can be told; mend the header" },
    { DENY, "EMG_EFORMAT", "a record duration of 0 with samples and without annotations",
      "with ordinary signals leaves no sampling rate; mend the header" },
    { DENY, "EMG_EFORMAT", "a header length that is wrong and not proven wrong by the file's size",
      "and the file's size does not tell which is right" },
    { DENY, "EMG_EFORMAT", "a record count that is none", "is not a number of records; put the right one or -1 there" },
    { DENY, "EMG_EFORMAT", "a file that ends inside its first record", "the file ends inside its first data record" },
    { DENY, "EMG_EFORMAT", "EDF+D or BDF+D without an annotation signal",
      "tells of gaps but no signal is labelled for annotations" },
    { DENY, "EMG_EFORMAT", "EDF+D or BDF+D with a record time that is missing or runs backwards",
      "in a file with gaps no later time can be trusted" },
    { DENY, "EMG_EUNSUPPORTED", "more than 131072 gaps", "gaps between data records: split the file" },

    /* refusals: audio */
    { DENY, "EMG_EUNSUPPORTED", "a codec other than PCM and float", "is not supported: convert to PCM or float" },
    { DENY, "EMG_EUNSUPPORTED", "integers of more than 32 bits",
      "-bit integer samples are not supported: convert to at most 32 bits" },
    { DENY, "EMG_EUNSUPPORTED", "FLAC without a number of samples",
      "the total number of samples is not stated: encode the FLAC file again" },
    { DENY, "EMG_EUNSUPPORTED", "more than 131072 gaps", "gaps in the recording: split it" },
    { DENY, "EMG_EFORMAT", "no channel, or more than 1024", "is not from 1 to 1024: the header is damaged" },
    { DENY, "EMG_EFORMAT", "a sampling rate below 100 Hz or above 10 MHz",
      "Hz is not from 100 Hz to 10 MHz: too slow for EMG, or damaged" },
    { DENY, "EMG_EFORMAT", "FLAC with such channels or rate", "not from 1 to 1024 channels and 100 Hz to 10 MHz" },
    { DENY, "EMG_EFORMAT", "0 bits per sample, or more than 64", "are not possible: the header is damaged" },
    { DENY, "EMG_EFORMAT", "a frame size that does not fit channels and bits",
      "contradicts channels and bits per sample" },
    { DENY, "EMG_EFORMAT", "floats of other than 32 or 64 bits", "are neither single nor double precision" },
    { DENY, "EMG_EFORMAT", "a format chunk below 16 bytes", "bytes is shorter than 16: the header is cut off" },
    { DENY, "EMG_EFORMAT", "an extensible format chunk below 40 bytes", "bytes is too short for an extensible format" },
    { DENY, "EMG_EFORMAT", "samples before the format", "samples stand before the format chunk" },
    { DENY, "EMG_EFORMAT", "no format or data chunk", "chunk; copy it again in full" },
    { DENY, "EMG_EFORMAT", "more than 4096 chunks before the samples", "no data chunk among the first" },
    { DENY, "EMG_EFORMAT", "a Wave64 chunk smaller than its head", "is smaller than the chunk's own head" },
    { DENY, "EMG_EFORMAT", "a FLAC header that cannot be decoded", "the header cannot be decoded" },
    { DENY, "EMG_EFORMAT", "damage within FLAC data", "cannot be decoded: the file is damaged" },
    { DENY, "EMG_EFORMAT", "the same, before a time window", "cannot be reached: the file is damaged" },
};

const emg_code *emg_code_at(size_t index)
{
    return index < sizeof table / sizeof *table ? &table[index] : NULL;
}

const char *emg_code_kind_name(emg_code_kind kind)
{
    static const char *const names[] = { "read", "repaired", "refused" };
    size_t i = (size_t)kind;
    return i < sizeof names / sizeof *names ? names[i] : "unknown";
}

const emg_code *emgp_code_find(const char *code)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].kind == EMG_CODE_REPAIRED && strcmp(table[i].code, code) == 0)
            return &table[i];
    return NULL;
}
