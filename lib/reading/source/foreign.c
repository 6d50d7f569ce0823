/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of other kinds by their first bytes: what they are, and what to do. */
#include "reading/source/source.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

#define CONVERT "convert it to EDF+ or BDF+"
#define PUT_BACK "copy the file again without conversion"

/* Bytes at a place of the file; the first row that fits counts. */
static const struct {
    size_t at;
    const char *bytes;
    const char *sentence;
} known[] = {
    /* what stands where a recording should be */
    { 0, "version https://git-lfs", "a pointer of Git LFS instead of the data: get it with 'git lfs pull'" },
    { 0, "<!doctype html", "a web page: the download gave a page instead of the file; download it again" },
    { 0, "<html", "a web page: the download gave a page instead of the file; download it again" },
    { 0, "<head", "a web page: the download gave a page instead of the file; download it again" },
    { 0, "<!--", "a web page: the download gave a page instead of the file; download it again" },
    { 0, "<?xml", "an XML file: " CONVERT },
    { 0, "{\\rtf", "an RTF document: no recording" },
    { 0, "{", "a JSON file: no recording" },
    { 0, "[{", "a JSON file: no recording" },
    { 0, "%PDF", "a PDF document: no recording" },
    { 0, "%!PS", "a PostScript document: no recording" },
    { 0, "\x89PNG", "a picture (PNG): no recording" },
    { 0, "\xFF\xD8\xFF", "a picture (JPEG): no recording" },
    { 0, "-----BEGIN PGP", "encrypted by PGP: decrypt it" },
    { 0,
      "\x7F"
      "ELF",
      "a program: no recording" },
    { 1, "\x05\x16\x07", "what macOS keeps beside a file ('._' before its name): no recording" },
    { 0, "SQLite format 3", "an SQLite database: " CONVERT },
    /* packed */
    { 0, "\x1F\x8B", "compressed by gzip: unpack it with 'gunzip'" },
    { 0, "BZh", "compressed by bzip2: unpack it with 'bunzip2'" },
    { 0,
      "\xFD"
      "7zXZ",
      "compressed by xz: unpack it with 'unxz'" },
    { 0, "\x28\xB5\x2F\xFD", "compressed by Zstandard: unpack it with 'unzstd'" },
    { 0,
      "7z\xBC\xAF"
      "'\x1C",
      "a 7-Zip archive: unpack it" },
    { 0, "\x04\x22\x4D\x18", "compressed by LZ4: unpack it with 'unlz4'" },
    { 0, "PK\x05\x06", "an empty ZIP archive: no recording" },
    { 0, "Rar!", "a RAR archive: unpack it" },
    { 257, "ustar", "a tar archive: unpack it with 'tar -xf'" },
    /* other recordings and tables */
    { 0, "MATLAB 7.3", "a MATLAB file (HDF5): " CONVERT },
    { 0, "MATLAB", "a MATLAB file: " CONVERT },
    { 0, "\x89HDF", "an HDF5 file: " CONVERT },
    { 512, "\x89HDF", "an HDF5 file: " CONVERT },
    { 0, "PAR1", "a Parquet file: " CONVERT },
    { 0, "ARROW1", "an Arrow (Feather) file: " CONVERT },
    { 0, "\x93NUMPY", "a NumPy file: " CONVERT },
    { 0, "\xD0\xCF\x11\xE0", "an old Excel or Word document: " CONVERT },
    { 0, "GDF ", "a GDF file: convert it to EDF+ or BDF+" },
    { 0, "XDF:", "an XDF file: " CONVERT },
    { 0, "Brain Vision", "a BrainVision header: " CONVERT },
    { 0, "BrainVision", "a BrainVision header: " CONVERT },
    { 0, "POLY SAMPLE FILE", "a Poly5 file: " CONVERT },
    { 0, "ABF", "an Axon binary file: " CONVERT },
    { 0, "TDSm", "a TDMS file: " CONVERT },
    { 0, "NEURALEV", "a Blackrock file of events: no recording" },
    { 0, "NEURALCD", "a Blackrock file: " CONVERT },
    { 0, "NEURALSG", "a Blackrock file: " CONVERT },
    { 0, "BRSMPGRP", "a Blackrock file: " CONVERT },
    { 0, "Version 3.", "a Neuroscan file: " CONVERT },
    { 0, "CEDFILE", "a CED (CFS) file: " CONVERT },
    { 2, "(C) CED 87", "a Spike2 file: " CONVERT },
    { 0, "S64", "a Spike2 file: " CONVERT },
    { 128, "DICM", "a DICOM file: " CONVERT },
    { 0, "HEKA", "a HEKA file is not supported: convert it to EDF+" },
    { 0, "CDF\x01", "a NetCDF file: " CONVERT },
    { 0, "RIFX", "a big-endian (RIFX) wave file is not supported: convert it to RIFF" },
    { 8, "WAVE", "looks like a wave file but does not begin with 'RIFF' or 'RF64': the header is damaged" },
    { 0, "RIFF", "a RIFF file without WAVE data" },
    { 0, "FORM", "an AIFF file is not supported: convert it to WAV" },
    { 0, ".snd", "a Sun (AU) file is not supported: convert it to WAV" },
    { 0, "caff", "a Core Audio file: convert it to WAV" },
    { 0, "OggS", "an Ogg file is not supported: convert it to WAV or FLAC" },
    { 0, "ID3", "an MP3 file, which has lost what it left out: record to WAV or EDF+" },
    { 4, "ftyp", "an MP4 or M4A file, which has lost what it left out: record to WAV or EDF+" },
    /* headers that one byte keeps from being read */
    { 0, "BIOSEMI",
      "version field 'BIOSEMI' lacks the byte 0xFF before it, as a copy in text mode loses it: " PUT_BACK
      ", or put it back: printf '\\377' | cat - FILE > NEW" },
    { 0,
      "\xFF\xFF"
      "BIOSEMI",
      "version field 'BIOSEMI' has the byte 0xFF before it twice: " PUT_BACK
      ", or take one away: tail -c +2 FILE > NEW" },
    { 0,
      "\xEF\xBB\xBF"
      "0       ",
      "the version field of an EDF has a byte-order mark (0xEF 0xBB 0xBF) before it: the file was saved as if it were "
      "text, and its samples are damaged; " PUT_BACK },
    { 0,
      "\xC3\xBF"
      "BIOSEMI",
      "version field 'BIOSEMI' has the bytes 0xC3 0xBF before it instead of 0xFF: the file was converted to UTF-8 as if "
      "it were text, and its samples are damaged; " PUT_BACK },
};

/* What a ZIP archive's first names tell. */
static const char *zip_sentence(const unsigned char *head, size_t n)
{
    static const char sheet[] = "an Excel workbook (XLSX): " CONVERT, numpy[] = "a NumPy archive (NPZ): " CONVERT;
    static const char calc[] = "an OpenDocument table (ODS): save it as CSV";
    for (size_t i = 30; i + 4 <= n; i++) {
        if (memcmp(head + i, "xl/", 3) == 0 || memcmp(head + i, "[Con", 4) == 0)
            return sheet;
        if (memcmp(head + i, ".npy", 4) == 0)
            return numpy;
        if (memcmp(head + i, "cont", 4) == 0 && i + 11 <= n && memcmp(head + i, "content.xml", 11) == 0)
            return calc;
    }
    return "a ZIP archive: unpack it with 'unzip'";
}

/* Whether the bytes are text: printable, or what separates words and lines; bytes of UTF-8 and Latin-1 too. */
static bool is_text(const unsigned char *head, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (head[i] == 127 || (head[i] < 32 && (head[i] == '\0' || !strchr("\t\n\r\f", head[i]))))
            return false;
    return n > 0;
}

static const char plain_text[] = "not a recording but a text";

/* What nothing above tells. A header of EDF has no lines. */
static const char *likeness(const unsigned char *head, size_t n)
{
    static const char annex[] = "annex/objects/";
    bool text = is_text(head, n);
    for (size_t i = 0; text && i + sizeof annex - 1 <= n; i++)
        if (memcmp(head + i, annex, sizeof annex - 1) == 0)
            return "a pointer of git-annex instead of the data: get it with 'git annex get' or 'datalad get'";
    if (n >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0))
        return "a text in UTF-16: save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW";
    if (head[0] == '\0' && n > 1 && memcmp(head, head + 1, n - 1) == 0)
        return "zeros where a header should be: a copy that was not finished; copy it again";
    if (head[0] == 0xFF)
        return "looks like BDF but its first bytes are not 0xFF 'BIOSEMI': the header is damaged";
    if (text && (head[0] != '0' || memchr(head, '\n', n)))
        return plain_text;
    if (head[0] == '0')
        return "looks like EDF but its version field is not '0' and seven spaces: the header is damaged";
    return "not a recording: the first bytes are those of no EDF, BDF, WAV, RF64, W64 or FLAC file";
}

/* Where the bytes begin to say something: behind a byte-order mark and spaces. */
static size_t first_word(const unsigned char *head, size_t n)
{
    size_t at = n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < n && strchr(" \t\r\n", head[at]) && head[at])
        at++;
    return at;
}

static const char *sentence_of(const unsigned char *head, size_t n)
{
    size_t word = first_word(head, n);
    if (n >= 4 && memcmp(head, "PK\x03\x04", 4) == 0)
        return zip_sentence(head, n);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t m = strlen(known[i].bytes), at = known[i].at ? known[i].at : known[i].bytes[0] == '<' ? word : 0;
        const char *bytes = (const char *)head + at;
        bool fits = at + m <= n && (known[i].bytes[0] == '<' ? strncasecmp(bytes, known[i].bytes, m) == 0
                                                             : memcmp(bytes, known[i].bytes, m) == 0);
        if (fits)
            return known[i].sentence;
    }
    return likeness(head, n);
}

bool emgp_foreign_is_text(const unsigned char *head, size_t n)
{
    return n > 0 && sentence_of(head, n) == plain_text;
}

emg_status emgp_foreign_refuse(const unsigned char *head, size_t n, emg_error *err)
{
    if (n == 0)
        return emgp_fail_at(err, EMG_EFORMAT, 0, -1, "byte 0: the file is empty; copy it again");
    return emgp_fail_at(err, EMG_EFORMAT, 0, -1, "byte 0: %s", sentence_of(head, n));
}

emg_status emgp_foreign_absent(const char *path, int number, emg_error *err)
{
    char target[1024];
    struct stat facts;
    if (number != ENOENT || lstat(path, &facts) != 0 || !S_ISLNK(facts.st_mode))
        return EMG_OK;
    ssize_t n = readlink(path, target, sizeof target - 1);
    target[n > 0 ? n : 0] = '\0';
    if (strstr(target, "annex/objects"))
        return emgp_fail(
            err, EMG_EIO,
            "cannot be opened: a link of git-annex to data that are not here: get them with 'git annex get' or "
            "'datalad get'");
    return emgp_fail(err, EMG_EIO, "cannot be opened: a link to a file that is not there");
}
