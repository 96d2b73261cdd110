namespace CnnViz.Pictures.Codecs;

/// <summary>
/// What a TIFF file says of its picture, and its first directory made such that ImageSharp reads it, and nothing else of the file: it knows no
/// grey with transparency, gets transparency in JPEG's compression wrong, and takes the white of a fax for white where the file says that it is black.
/// </summary>
internal static class TiffFile
{
    private const int WidthTag = 256;
    private const int HeightTag = 257;
    private const int BitsTag = 258;
    private const int CompressionTag = 259;
    private const int PhotometricTag = 262;
    private const int StripPlacesTag = 273;
    private const int SamplesTag = 277;
    private const int RowsOfAStripTag = 278;
    private const int StripLengthsTag = 279;
    private const int PlanarTag = 284;
    private const int PredictorTag = 317;
    private const int ColoursTag = 320;
    private const int ExtraSamplesTag = 338;

    // A tag for private use, which readers pass over.
    private const int Unused = 65000;

    private const int NoCompression = 1;
    private const int Jpeg = 7;
    private const int BlackIsZero = 1;

    // What ImageSharp needs: those above, and FillOrder, the options of fax compression, SampleFormat, JPEG's tables, and those of YCbCr.
    private static readonly HashSet<int> s_needed =
    [
        WidthTag, HeightTag, BitsTag, CompressionTag, PhotometricTag, StripPlacesTag, SamplesTag, RowsOfAStripTag, StripLengthsTag, PlanarTag,
        PredictorTag, ColoursTag, ExtraSamplesTag, 266, 292, 293, 324, 325, 339, 347, 529, 530, 532,
    ];

    /// <summary>Whether a file begins as a TIFF file, or as one with 64-bit places.</summary>
    public static bool Is(ReadOnlySpan<byte> file) =>
        file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8);

    /// <summary>What the file says of its picture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of a kind that is not read.</exception>
    public static PictureHeader ReadHeader(byte[] file)
    {
        TagDirectory tags = TagDirectory.Read(file);
        long samples = tags.Number(SamplesTag) ?? 1;
        long compression = tags.Number(CompressionTag) ?? NoCompression;
        long[] bits = tags.Numbers(BitsTag) ?? [1];
        bool isGrey = tags.Number(PhotometricTag) is 0 or BlackIsZero;
        bool hasAlphaBeside = samples == 2 && isGrey;
        if (compression == Jpeg && samples == 4)
        {
            throw new InvalidDataException("it has four channels in JPEG's compression, which is not read");
        }

        if (hasAlphaBeside && (bits is not [8, 8] || tags.Number(PredictorTag) is > 1 || tags.Number(PlanarTag) is > 1 || compression == Jpeg))
        {
            throw new InvalidDataException("it has grey and transparency in a form that is not read");
        }

        PictureHeader header = new PictureHeader(
            tags.Number(HeightTag) ?? 0, tags.Number(WidthTag) ?? 0, hasAlphaBeside || tags.Number(ExtraSamplesTag) is 1 or 2)
        {
            Orientation = tags.Orientation,
            HasAlphaBeside = hasAlphaBeside,
            IsInverted = compression is >= 2 and <= 4 && tags.Number(PhotometricTag) is BlackIsZero,
        }.Checked();
        CheckStrips(tags, header, compression, samples, bits, file.Length);
        return header;
    }

    /// <summary>The same file for ImageSharp: with one directory, and in it what is needed to decode its picture.</summary>
    public static byte[] ForDecoder(byte[] file)
    {
        TagDirectory tags = TagDirectory.Read(file);
        var changed = (byte[])file.Clone();
        changed.AsSpan((int)tags.NextPlace, tags.NumberSize).Clear();
        bool hasAlphaBeside = (tags.Number(SamplesTag) ?? 1) == 2;
        foreach ((int tag, long place) in tags.Tags)
        {
            var entry = new TagEntry(changed.AsSpan((int)place, tags.EntrySize), tags.IsBigEndian, tags.NumberSize);
            if (!s_needed.Contains(tag) || (hasAlphaBeside && tag == ExtraSamplesTag))
            {
                entry.Set(Unused, 0);
            }
            else if (hasAlphaBeside && tag is (BitsTag or SamplesTag or WidthTag))
            {
                // Two samples of a pixel become two pixels side by side.
                entry.Set(tag, tag switch { BitsTag => 8, SamplesTag => 1, _ => 2 * tags.Number(WidthTag)!.Value });
            }
        }

        return changed;
    }

    private static void CheckStrips(TagDirectory tags, PictureHeader header, long compression, long samples, long[] bits, long length)
    {
        if (tags.Numbers(StripPlacesTag) is not { } places || tags.Numbers(StripLengthsTag) is not { } lengths)
        {
            throw new InvalidDataException("its pixels are not in strips, and other forms are not read");
        }

        long rows = Math.Clamp(tags.Number(RowsOfAStripTag) ?? header.Height, 1, header.Height);
        long strips = (header.Height + rows - 1) / rows * (tags.Number(PlanarTag) is 2 ? samples : 1);
        if (samples is < 1 or > 4 || bits.Any(value => value is < 1 or > 32) || places.Length < strips || lengths.Length < strips)
        {
            throw new InvalidDataException("its directory is damaged");
        }

        long data = 0;
        for (int i = 0; i < strips; i++)
        {
            if (places[i] < 0 || lengths[i] < 0 || lengths[i] > length || places[i] > length - lengths[i])
            {
                throw new InvalidDataException("it ends too early");
            }

            data += lengths[i];
        }

        // No compression makes more than some thousands of a byte; blank faxes are said by one bit a row.
        long all = header.Height * ((header.Width * samples * bits.Max() + 7) / 8);
        if (compression == NoCompression ? all > data && tags.Number(PhotometricTag) is not 6 : all / 8192 > data)
        {
            throw new InvalidDataException("it is too short for its pixels");
        }
    }

    private readonly ref struct TagEntry(Span<byte> bytes, bool isBigEndian, int numberSize)
    {
        private const int Long = 4;

        private readonly Span<byte> _bytes = bytes;

        // One number of four bytes, which stands in the entry itself.
        public void Set(int tag, long value)
        {
            _bytes.Clear();
            Write(_bytes, tag, 2);
            Write(_bytes[2..], Long, 2);
            Write(_bytes[4..], 1, numberSize);
            Write(_bytes[(4 + numberSize)..], value, 4);
        }

        private void Write(Span<byte> to, long value, int size)
        {
            for (int i = 0; i < size; i++)
            {
                to[i] = (byte)(value >> (8 * (isBigEndian ? size - 1 - i : i)));
            }
        }
    }
}
