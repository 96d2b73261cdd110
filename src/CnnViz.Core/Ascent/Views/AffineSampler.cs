using System.Runtime.CompilerServices;
using CnnViz.Models.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Where the pixels of views lie in images, and what they take of the four pixels around.</summary>
/// <param name="maps">N×2×3 affine maps, as <see cref="AffineSampling"/> has them.</param>
/// <param name="imageShape">N×C×H×W.</param>
/// <param name="viewHeight">Height of views.</param>
/// <param name="viewWidth">Width of views.</param>
/// <param name="edge">What lies beyond the edge of an image.</param>
internal sealed unsafe class AffineSampler(float[] maps, long[] imageShape, int viewHeight, int viewWidth, EdgeMode edge)
{
    private const int MapValues = 6;

    // What lies beyond a grey edge.
    private const float Grey = 0.5f;

    private readonly int _channels = (int)imageShape[1];
    private readonly int _height = (int)imageShape[2];
    private readonly int _width = (int)imageShape[3];

    public long[] ImageShape => imageShape;

    public long[] ViewShape => [imageShape[0], imageShape[1], viewHeight, viewWidth];

    private int ImagePlane => _height * _width;

    private int ViewPlane => viewHeight * viewWidth;

    /// <summary>Makes views of images.</summary>
    /// <param name="images">N×C×H×W, contiguous.</param>
    /// <param name="views">N×C×height×width, contiguous.</param>
    public void Gather(torch.Tensor images, torch.Tensor views) => Run(images, views, isBack: false);

    /// <summary>Adds the gradient of views to that of images.</summary>
    /// <param name="images">N×C×H×W, contiguous.</param>
    /// <param name="views">N×C×height×width, contiguous.</param>
    public void Scatter(torch.Tensor images, torch.Tensor views) => Run(images, views, isBack: true);

    private void Run(torch.Tensor images, torch.Tensor views, bool isBack)
    {
        fixed (byte* image = images.bytes)
        fixed (byte* view = views.bytes)
        {
            float* ofImages = (float*)image;
            float* ofViews = (float*)view;
            WorkerTeam.Run((int)imageShape[0], number =>
                Run(ofImages + (long)number * _channels * ImagePlane, ofViews + (long)number * _channels * ViewPlane, number, isBack));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(float* image, float* view, int number, bool isBack)
    {
        ReadOnlySpan<float> map = maps.AsSpan(number * MapValues, MapValues);

        // From the middle of the view's pixels to those of the image, in pixels: (place · size − 1) / 2.
        float columnAcross = map[0] * _width / viewWidth;
        float columnDown = map[3] * _height / viewWidth;
        for (int row = 0; row < viewHeight; row++)
        {
            float y = (2f * row + 1) / viewHeight - 1;
            float x = 1f / viewWidth - 1;
            float across = ((map[0] * x + map[1] * y + map[2] + 1) * _width - 1) / 2;
            float down = ((map[3] * x + map[4] * y + map[5] + 1) * _height - 1) / 2;
            for (int column = 0; column < viewWidth; column++)
            {
                (int left, int right, float ofLeft, float ofRight) = Around(across + column * columnAcross, _width);
                (int top, int bottom, float ofTop, float ofBottom) = Around(down + column * columnDown, _height);
                int topLeft = top * _width + left;
                int topRight = top * _width + right;
                int bottomLeft = bottom * _width + left;
                int bottomRight = bottom * _width + right;
                float topLeftPart = ofTop * ofLeft;
                float topRightPart = ofTop * ofRight;
                float bottomLeftPart = ofBottom * ofLeft;
                float bottomRightPart = ofBottom * ofRight;
                float missing = Grey * (1 - topLeftPart - topRightPart - bottomLeftPart - bottomRightPart);
                float* pixels = image;
                float* seen = view + row * viewWidth + column;
                for (int channel = 0; channel < _channels; channel++, pixels += ImagePlane, seen += ViewPlane)
                {
                    if (isBack)
                    {
                        pixels[topLeft] += *seen * topLeftPart;
                        pixels[topRight] += *seen * topRightPart;
                        pixels[bottomLeft] += *seen * bottomLeftPart;
                        pixels[bottomRight] += *seen * bottomRightPart;
                    }
                    else
                    {
                        *seen = pixels[topLeft] * topLeftPart + pixels[topRight] * topRightPart
                            + pixels[bottomLeft] * bottomLeftPart + pixels[bottomRight] * bottomRightPart + missing;
                    }
                }
            }
        }
    }

    // The pixels before and after a place on an axis, and their parts; of those that are not there, none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Before, int After, float OfBefore, float OfAfter) Around(float place, int size)
    {
        if (!(place >= 0 && place <= size - 1))
        {
            place = Bring(place, size);
        }

        float floor = MathF.Floor(place);
        int before = (int)floor;
        float part = place - floor;
        if (before >= 0 && before + 1 < size)
        {
            return (before, before + 1, 1 - part, part);
        }

        bool hasBefore = before >= 0 && before < size;
        bool hasAfter = before + 1 >= 0 && before + 1 < size;
        return (hasBefore ? before : 0, hasAfter ? before + 1 : 0, hasBefore ? 1 - part : 0, hasAfter ? part : 0);
    }

    // A place beyond the edge, brought back to where its value comes from. What is no number or far away stays outside.
    private float Bring(float place, int size)
    {
        if (!float.IsFinite(place))
        {
            return -2;
        }

        if (edge == EdgeMode.Reflect)
        {
            // The edges lie half a pixel beyond the middles of the outermost pixels.
            float distance = MathF.Abs(place + 0.5f);
            float rest = distance % size;
            place = MathF.Floor(distance / size) % 2 == 0 ? rest - 0.5f : size - rest - 0.5f;
        }

        return edge == EdgeMode.Grey ? Math.Clamp(place, -2, size + 1) : Math.Clamp(place, 0, size - 1);
    }
}
