using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>
/// What happens to any picture on its way to somebody: other sizes, cuts, turns, compression. A person sees the same afterwards.
/// Pictures are C×H×W, 0…1; results belong to the caller's dispose scope.
/// </summary>
internal static class Disturbances
{
    public const double Smaller = 0.92;
    public const double Larger = 1.08;
    public const double Degrees = 5;
    public const int JpegQuality = 75;

    // A twentieth of the side.
    private const double ShiftShare = 0.05;

    /// <summary>The whole picture at another size, bilinear.</summary>
    public static torch.Tensor Scale(torch.Tensor picture, double factor)
    {
        long[] size = [Scaled(picture.shape[1], factor), Scaled(picture.shape[2], factor)];
        return torch.nn.functional.interpolate(picture.unsqueeze(0), size, mode: torch.InterpolationMode.Bilinear, align_corners: false)[0];
    }

    /// <summary>Moved down and to the right by a twentieth of its height and width, at least a pixel; reflected at the edges.</summary>
    public static torch.Tensor Shift(torch.Tensor picture) => Window(
        picture, -ShiftOf(picture.shape[1]), -ShiftOf(picture.shape[2]), picture.shape[1], picture.shape[2]);

    /// <summary>Turned around its centre, bilinear; reflected at the edges.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="degrees">Angle; above zero is counter-clockwise.</param>
    public static torch.Tensor Rotate(torch.Tensor picture, double degrees)
    {
        (float height, float width) = (picture.shape[1], picture.shape[2]);
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);

        // From places in the result to places in the picture, in units of half its height and half its width.
        torch.Tensor matrix = torch.tensor(
            [(float)cosine, (float)-sine * height / width, 0, (float)sine * width / height, (float)cosine, 0], [1, 2, 3]);
        torch.Tensor grid = torch.nn.functional.affine_grid(matrix, [1, picture.shape[0], picture.shape[1], picture.shape[2]], false);
        return torch.nn.functional.grid_sample(
            picture.unsqueeze(0), grid, torch.GridSampleMode.Bilinear, torch.GridSamplePaddingMode.Reflection, false)[0];
    }

    /// <summary>Written as JPEG and read again.</summary>
    public static torch.Tensor Jpeg(torch.Tensor picture) => ImageFile.ThroughJpeg(picture, JpegQuality);

    /// <summary>The middle of a picture, at the size of another; where it is smaller, reflected at its edges.</summary>
    public static torch.Tensor Fit(torch.Tensor picture, long height, long width) => Window(
        picture, (picture.shape[1] - height) / 2, (picture.shape[2] - width) / 2, height, width);

    private static torch.Tensor Window(torch.Tensor picture, long top, long left, long height, long width) => picture
        .index_select(1, Indices(top, height, picture.shape[1]))
        .index_select(2, Indices(left, width, picture.shape[2]));

    private static torch.Tensor Indices(long start, long count, long length) =>
        torch.tensor([.. Enumerable.Range(0, (int)count).Select(i => Reflect(start + i, length))], torch.ScalarType.Int64);

    // Back and forth between the first and the last pixel: … 2 1 0 1 2 …
    private static long Reflect(long index, long length)
    {
        long period = Math.Max(1, 2 * (length - 1));
        long place = (index % period + period) % period;
        return Math.Min(place, period - place) % length;
    }

    private static long Scaled(long length, double factor) => Math.Max(1, (long)Math.Round(length * factor));

    private static long ShiftOf(long length) => Math.Max(1, (long)Math.Round(length * ShiftShare));
}
