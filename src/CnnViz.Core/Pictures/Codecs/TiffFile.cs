namespace CnnViz.Pictures.Codecs;

/// <summary>
/// What a TIFF file says of its picture, and its first directory made such that ImageSharp reads it, and nothing else of the file: it knows no
/// tiles, no grey with transparency and no inks, gets four channels in JPEG's compression wrong, and takes the white of a fax for white where the
/// file says that it is black.
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
    private const int TileWidthTag = 322;
    private const int TileHeightTag = 323;
    private const int TilePlacesTag = 324;
    private const int TileLengthsTag = 325;
    private const int ExtraSamplesTag = 338;

    // A tag for private use, which readers pass over.
    private const int Unused = 65000;

    private const int NoCompression = 1;
    private const int Jpeg = 7;
    private const int BlackIsZero = 1;
    private const int Rgb = 2;
    private const int Inks = 5;

    // Of a tile; as many as the smallest that there are.
    private const int LeastSide = 16;

    // Encoders fill up the last block, of up to 32 pixels a side with colours of a fourth of the resolution.
    private const int JpegBlock = 32;

    // What ImageSharp needs: those above, and FillOrder, the options of fax compression, SampleFormat, JPEG's tables, and those of YCbCr.
    private static readonly HashSet<int> s_needed =
    [
        WidthTag, HeightTag, BitsTag, CompressionTag, PhotometricTag, StripPlacesTag, SamplesTag, RowsOfAStripTag, StripLengthsTag, PlanarTag,
        PredictorTag, ColoursTag, ExtraSamplesTag, 266, 292, 293, 339, 347, 529, 530, 532,
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

        bool isTiled = tags.Number(TilePlacesTag) is not null;
        long? photometric = tags.Number(PhotometricTag);
        PictureHeader header = new PictureHeader(
            tags.Number(HeightTag) ?? 0, tags.Number(WidthTag) ?? 0, hasAlphaBeside || tags.Number(ExtraSamplesTag) is 1 or 2)
        {
            Orientation = tags.Orientation,
            IsTiled = isTiled,
            Pixels = hasAlphaBeside ? StoredPixels.GreyBesideAlpha
                : photometric is Inks && samples == 4 ? StoredPixels.Cmyk
                : compression is >= 2 and <= 4 && photometric is BlackIsZero ? StoredPixels.Inverted
                : StoredPixels.Rgba,
        }.Checked();
        (int places, int lengths) = isTiled ? (TilePlacesTag, TileLengthsTag) : (StripPlacesTag, StripLengthsTag);
        (long rows, long columns) = isTiled ? TileSize(tags) : (Math.Clamp(tags.Number(RowsOfAStripTag) ?? header.Height, 1, header.Height), header.Width);
        bool isPlanar = tags.Number(PlanarTag) is 2;
        if (samples is < 1 or > 4 || bits.Any(value => value is < 1 or > 32) || (isTiled && isPlanar))
        {
            throw new InvalidDataException("its pixels are in a form that is not read");
        }

        long pieces = Pieces(header.Height, rows) * Pieces(header.Width, columns) * (isPlanar ? samples : 1);
        long data = LengthOf(tags.Numbers(places), tags.Numbers(lengths), pieces, file.Length);

        if (compression == Jpeg)
        {
            CheckJpeg(file, tags.Numbers(places)![..(int)pieces], tags.Numbers(lengths)!, rows, columns);
        }

        // No compression makes more than some thousands of a byte; blank faxes are said by one bit a row.
        long all = header.Height * ((header.Width * samples * bits.Max() + 7) / 8);
        return (compression == NoCompression ? all > data && photometric is not 6 : all / 8192 > data)
            ? throw new InvalidDataException("it is too short for its pixels")
            : header;
    }

    /// <summary>The same file for ImageSharp, with one directory, and in it what is needed to decode its picture; once for each tile.</summary>
    /// <param name="file">The file.</param>
    /// <param name="header">What it says of its picture.</param>
    /// <returns>The file; another one each time only until the next is asked for.</returns>
    public static IEnumerable<PicturePiece> ForDecoder(byte[] file, PictureHeader header)
    {
        TagDirectory tags = TagDirectory.Read(file);
        var changed = (byte[])file.Clone();
        changed.AsSpan((int)tags.NextPlace, tags.NumberSize).Clear();
        foreach ((int tag, long _) in tags.Tags)
        {
            (int newTag, long? value) = Changed(tag, tags, header);
            if (newTag != tag || value is not null)
            {
                Set(changed, tags, tag, newTag, value ?? 0);
            }
        }

        return header.IsTiled ? Tiles(changed, tags, header) : [new PicturePiece(changed)];
    }

    private static IEnumerable<PicturePiece> Tiles(byte[] changed, TagDirectory tags, PictureHeader header)
    {
        (long rows, long columns) = TileSize(tags);
        (long[] places, long[] lengths) = (tags.Numbers(TilePlacesTag)!, tags.Numbers(TileLengthsTag)!);
        int across = (int)Pieces(header.Width, columns);
        for (int i = 0; i < across * Pieces(header.Height, rows); i++)
        {
            Set(changed, tags, TilePlacesTag, StripPlacesTag, places[i]);
            Set(changed, tags, TileLengthsTag, StripLengthsTag, lengths[i]);
            yield return new PicturePiece(changed, i / across * (int)rows, i % across * (int)columns);
        }
    }

    // What becomes of a tag: another one, or another number; null where its numbers stay.
    private static (int Tag, long? Value) Changed(int tag, TagDirectory tags, PictureHeader header)
    {
        bool isBeside = header.Pixels == StoredPixels.GreyBesideAlpha;
        long width = header.IsTiled ? TileSize(tags).Columns : header.Width;
        return tag switch
        {
            // A tile becomes a picture of one strip.
            HeightTag when header.IsTiled => (tag, TileSize(tags).Rows),
            TileHeightTag when header.IsTiled => (RowsOfAStripTag, TileSize(tags).Rows),
            TilePlacesTag or TileLengthsTag when header.IsTiled => (tag, null),
            StripPlacesTag or StripLengthsTag or RowsOfAStripTag when header.IsTiled => (Unused, 0),

            // Two samples of a pixel become two pixels side by side.
            WidthTag => (tag, isBeside ? 2 * width : width),
            BitsTag when isBeside => (tag, 8),
            SamplesTag when isBeside => (tag, 1),
            ExtraSamplesTag when isBeside || header.Pixels == StoredPixels.Cmyk => (Unused, 0),

            // Four inks are given out as if they were colours and transparency.
            PhotometricTag when header.Pixels == StoredPixels.Cmyk => (tag, Rgb),
            _ => s_needed.Contains(tag) ? (tag, null) : (Unused, 0),
        };
    }

    private static void Set(byte[] file, TagDirectory tags, int tag, int newTag, long value)
    {
        long place = tags.Tags.First(entry => entry.Tag == tag).Place;
        new TagEntry(file.AsSpan((int)place, tags.EntrySize), tags.IsBigEndian, tags.NumberSize).Set(newTag, value);
    }

    private static (long Rows, long Columns) TileSize(TagDirectory tags)
    {
        (long rows, long columns) = (tags.Number(TileHeightTag) ?? 0, tags.Number(TileWidthTag) ?? 0);
        return rows >= LeastSide && columns >= LeastSide && rows <= PictureHeader.MaxPixels / columns
            ? (rows, columns)
            : throw new InvalidDataException("its directory is damaged");
    }

    private static long Pieces(long side, long piece) => (side + piece - 1) / piece;

    // Bytes of all strips or tiles, which must lie within the file.
    private static long LengthOf(long[]? places, long[]? lengths, long pieces, long length)
    {
        if (places is null || lengths is null || places.Length < pieces || lengths.Length < pieces)
        {
            throw new InvalidDataException("its directory is damaged");
        }

        long data = 0;
        for (int i = 0; i < pieces; i++)
        {
            if (places[i] < 0 || lengths[i] < 0 || lengths[i] > length || places[i] > length - lengths[i])
            {
                throw new InvalidDataException("it ends too early");
            }

            data += lengths[i];
        }

        return data;
    }

    // ImageSharp opens these parts as files of any format: one that is a TIFF file, this one even, it would open again within itself, until the
    // stack ends.
    private static void CheckJpeg(byte[] file, long[] places, long[] lengths, long rows, long columns)
    {
        for (int i = 0; i < places.Length; i++)
        {
            byte[] part = file[(int)places[i]..(int)(places[i] + lengths[i])];
            if (part is not [0xFF, 0xD8, 0xFF, ..] || JpegFile.ReadHeader(part) is var picture && (picture.Height > rows + JpegBlock || picture.Width > columns + JpegBlock))
            {
                throw new InvalidDataException("a part of it is no JPEG picture of its size");
            }
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
