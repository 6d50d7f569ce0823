/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are no recordings are called what they are, with what to do; nothing of what they hold is repeated. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/recording.h>

#include "support/folder.h"

static const struct {
    const char *bytes;
    size_t n;
    const char *says;
} kinds[] = {
#define KIND(bytes, says)                                                                                              \
    {                                                                                                                  \
        bytes, sizeof(bytes) - 1, says                                                                                 \
    }
    KIND("", "the file is empty"),
    KIND("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git lfs pull"),
    KIND("/annex/objects/MD5E-s36978768--0123.edf\n", "git annex get"),
    KIND("../.git/annex/objects/x/y\n", "git annex get"),
    KIND("<!DOCTYPE html><html><body>404 Miller</body></html>", "a web page"),
    KIND("\xEF\xBB\xBF\r\n  <HTML><head>", "a web page"),
    KIND("<?xml version=\"1.0\"?>", "an XML file"),
    KIND("{\"message\": \"Not found\"}", "a JSON file"),
    KIND("[{\"message\": \"Not found\"}]", "a JSON file"),
    KIND("{\\rtf1\\ansi Miller}", "an RTF document"),
    KIND("\n<!-- saved --><HTML>", "a web page"),
    KIND("\xEF\xBB\xBF <head><title>Miller", "a web page"),
    KIND("%!PS-Adobe", "a PostScript document"),
    KIND("\x89PNG\r\n", "a picture (PNG)"),
    KIND("\xFF\xD8\xFF\xE0", "a picture (JPEG)"),
    KIND("-----BEGIN PGP MESSAGE-----", "encrypted by PGP"),
    KIND("\x7F"
         "ELF\x02",
         "a program"),
    KIND("\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "what macOS keeps beside a file"),
    KIND("\x04\x22\x4D\x18", "unlz4"),
    KIND("PK\x05\x06\x00\x00", "an empty ZIP archive"),
    KIND(
        "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00"
        "\x00"
        "content.xml",
        "save it as CSV"),
    KIND(".snd\x00\x00\x00\x18", "a Sun (AU) file"),
    KIND("ARROW1\x00\x00", "an Arrow (Feather) file"),
    KIND("NEURALEV\x02\x03", "a Blackrock file of events"),
    KIND("NEURALCD\x02\x03", "a Blackrock file: convert"),
    KIND("Version 3.0\x00", "a Neuroscan file"),
    KIND("CEDFILE\"", "a CED (CFS) file"),
    KIND("\x09\x00(C) CED 87", "a Spike2 file"),
    KIND("S64x", "a Spike2 file"),
    KIND("\xEF\xBB\xBF"
         "0       Miller",
         "has a byte-order mark"),
    KIND("\x1F\x8B\x08\x00\x00\x00\x00\x00", "compressed by gzip: unpack it"),
    KIND("BZh91AY&SY", "compressed by bzip2"),
    KIND("\xFD"
         "7zXZ\x00",
         "compressed by xz"),
    KIND("\x28\xB5\x2F\xFD\x04", "compressed by Zstandard"),
    KIND(
        "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00"
        "\x00knee.edf",
        "a ZIP archive: unpack it"),
    KIND(
        "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00"
        "\x00[Content_Types].xml",
        "an Excel workbook"),
    KIND("MATLAB 5.0 MAT-file, Platform: GLNXA64", "a MATLAB file: convert"),
    KIND("MATLAB 7.3 MAT-file, Platform: GLNXA64", "a MATLAB file (HDF5)"),
    KIND("\x89HDF\r\n\x1A\n", "an HDF5 file: convert"),
    KIND("PAR1\x15\x04", "a Parquet file: convert"),
    KIND("\x93NUMPY\x01", "a NumPy file"),
    KIND("\xD0\xCF\x11\xE0\xA1\xB1", "an old Excel"),
    KIND("Brain Vision Data Exchange Header File", "a BrainVision header"),
    KIND("GDF 2.20", "a GDF file: convert it to EDF+"),
    KIND("FORM\x00\x00\x00\x00"
         "AIFF",
         "an AIFF file"),
    KIND("\xFF\xFEt\x00i\x00", "iconv -f UTF-16"),
    KIND("BIOSEMIMiller", "put it back: printf '\\377'"),
    KIND("\xFF\xFF"
         "BIOSEMIMiller",
         "has the byte 0xFF before it twice"),
    KIND("\xC3\xBF"
         "BIOSEMIMiller",
         "converted to UTF-8"),
    KIND("\xFF"
         "BIOSEMX",
         "looks like BDF"),
    KIND("XXXX\x00\x00\x00\x00WAVEfmt ", "looks like a wave file"),
    KIND("\x00\x00\x00\x00", "zeros where a header should be"),
    KIND("\x01\x02\x03\x04", "not a recording"),
};

static void kinds_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (size_t n = 0; n <= kinds[i].n; n++) { /* nothing is read behind the end */
            emg_recording *rec = NULL;
            emg_error err = EMG_ERROR_NONE;
            char *copy = malloc(n > 0 ? n : 1);
            assert_non_null(copy);
            memcpy(copy, kinds[i].bytes, n);
            assert_int_equal(emg_recording_open_memory(&rec, copy, n, NULL, NULL, &err), EMG_EFORMAT);
            if (n == kinds[i].n && !strstr(err.text, kinds[i].says))
                fail_msg("'%s' is not in: %s", kinds[i].says, err.text);
            assert_null(strstr(err.text, "Miller"));
            free(copy);
        }
    }
}

static void links_that_lead_nowhere_are_told(void **state)
{
    (void)state;
    static const char *const targets[] = { "nowhere", ".git/annex/objects/aa/bb/MD5E-s1--2.edf" };
    static const char *const says[] = { "a link to a file that is not there", "git annex get" };
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/link.edf", folder);
        assert_int_equal(symlink(targets[i], path), 0);
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_recording_open(&rec, path, NULL, &err), EMG_EIO);
        assert_non_null(strstr(err.text, says[i]));
        assert_int_equal(unlink(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(kinds_are_named),
                                        cmocka_unit_test(links_that_lead_nowhere_are_told) };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
