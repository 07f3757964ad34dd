using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Sailfish.Media.Rtmp;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Rtmp;

/// <summary>Sessions that are right but for a few bytes: read, or refused by the one exception, within the limits of memory.</summary>
public sealed class RtmpFuzzTests
{
    private static readonly RtmpLimits Tight = new() { MaxMediaBytes = 30_000, MaxUnfinishedBytes = 40_000, MaxBytesBeforePublish = 4_000 };

    private static readonly byte[] Script =
    [
        .. PublisherPeer.Connecting(),
        .. ChunkBytes.Message(4, 0, RtmpMessageType.DataAmf0, CommandBytes.Metadata(isSet: true)),
        .. ChunkBytes.Header0(6, 0xFF_FFF0, 1_000, RtmpMessageType.Video), .. new byte[128],
        .. ChunkBytes.Message(4, 0x100_0000, RtmpMessageType.Audio, new byte[300]),
        .. ChunkBytes.Message(2, 0, RtmpMessageType.UserControl, [0, 6, 1, 2, 3, 4], streamId: 0),
        .. ChunkBytes.Cut(6, 0, new byte[1_000])[128..],
        .. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 4_096),
        .. ChunkBytes.Message(6, 40, RtmpMessageType.Video, new byte[20_000], 4_096),
        .. ChunkBytes.Header0(7, 0, 25_000, RtmpMessageType.Video), .. new byte[4_096],
        .. ChunkBytes.Header0(70, 0, 25_000, RtmpMessageType.Video), .. new byte[4_096],
        .. ChunkBytes.Control(RtmpMessageType.Abort, 7),
        .. ChunkBytes.Header2(4, 20), .. new byte[300],
        .. PublisherPeer.Command("deleteStream", 0, 1),
    ];

    /// <summary>Where, and what is done there.</summary>
    private sealed record Edit(int At, int Kind, int Value, int Length);

    private static readonly Gen<Edit> AnyEdit =
        from at in Gen.OneOf(Gen.Choose(0, 700), Gen.Choose(0, Script.Length - 1))
        from kind in Gen.Choose(0, 4)
        from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 2, 3, 8, 9, 0x7F, 0x80, 0xC4, 0xFF))
        from length in Gen.Choose(1, 40)
        select new Edit(at, kind, value, length);

    [Fact]
    public void Mutated_sessions_are_read_or_refused_within_their_memory()
    {
        var cases = from edits in Gen.NonEmptyListOf(AnyEdit)
                    from lengths in Gen.NonEmptyListOf(Gen.OneOf(Gen.Choose(1, 20), Gen.Choose(1, 4_000)))
                    select (Edits: edits.Take(6).ToArray(), Lengths: lengths.ToArray());
        Properties.Hold(cases.ToArbitrary(), given => Run(Edited(given.Edits), given.Lengths), count: 4_000);
    }

    [Fact]
    public void Noise_behind_a_handshake_is_refused_or_waits()
    {
        var mutator = new Mutator(1935, [Script[..600], Script[600..3_000], Script]);
        for (var round = 0; round < 4_000; round++)
            Run(mutator.Next(), mutator.Lengths());
    }

    [Fact]
    public void Handshakes_of_any_bytes_are_taken_or_refused()
    {
        var mutator = new Mutator(1536, [[3, .. new byte[60]], PublisherPeer.Handshake]);
        for (var round = 0; round < 2_000; round++)
        {
            var peer = new PublisherPeer(limits: Tight);
            Refusal.Of(() => peer.Send(mutator.Next()));
            Assert.InRange(peer.Output.Length, 0, PublisherPeer.HandshakeBytes + 1_000);
        }
    }

    /// <summary>No byte that has not come has a say, and none that stands behind.</summary>
    [Fact]
    public void Mutated_sessions_come_to_the_same_however_they_are_cut_and_whatever_stands_behind()
    {
        var mutator = new Mutator(3000, [Script[..3_000], Script]);
        for (var round = 0; round < 1_000; round++)
        {
            var input = mutator.Next();
            var whole = After(peer => peer.Send(input));
            Assert.Equal(whole, After(peer => Array.ForEach(Pieces.Of(input, mutator.Lengths()), piece => peer.Send(piece))));
            byte[] around = [0x03, 0x08, .. input, .. mutator.Tail(input.Length)];
            var inside = around.AsMemory(2, input.Length);
            Assert.Equal(whole, After(peer => Receive(peer, new ReadOnlySequence<byte>(inside))));
            Assert.Equal(whole, After(peer => Receive(peer, Sequences.InLengths(inside, mutator.Lengths()))));
        }
    }

    private static void Receive(PublisherPeer peer, ReadOnlySequence<byte> input) => peer.Session.Receive(ref input);

    /// <summary>What came of a session. How much memory waits for the rest of a message depends on how it is cut: here there is enough.</summary>
    private static string After(Action<PublisherPeer> send)
    {
        var peer = new PublisherPeer(limits: Tight with { MaxUnfinishedBytes = RtmpLimits.Default.MaxUnfinishedBytes });
        peer.Send(PublisherPeer.Handshake);
        var isRefused = Refusal.Of(() => send(peer));
        return $"{isRefused} {peer.Session.Phase} {peer.Asked.Count} {peer.Stops} {string.Join(' ', peer.Tags)}";
    }

    private static void Run(byte[] script, int[] lengths)
    {
        var peer = new PublisherPeer(limits: Tight);
        peer.Send(PublisherPeer.Handshake);
        var isRefused = Refusal.Of(() =>
        {
            foreach (var piece in Pieces.Of(script, lengths))
            {
                peer.Send(piece);
                Assert.InRange(peer.Session.HeldBytes, 0, Tight.MaxUnfinishedBytes);
            }
        });
        Assert.True(!isRefused || peer.Session.Phase == RtmpPhase.Ended);
        // Who is refused is answered no more, but what has been answered can be read.
        peer.Answers();
        Assert.True(peer.Asked.Count <= 1 && peer.Stops <= peer.Asked.Count);
    }

    private static byte[] Edited(Edit[] edits)
    {
        List<byte> bytes = [.. Script];
        foreach (var edit in edits)
        {
            var at = Math.Min(edit.At, bytes.Count - 1);
            var length = Math.Min(edit.Length, bytes.Count - at);
            switch (edit.Kind)
            {
                case 0:
                    bytes[at] = (byte)edit.Value;
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << (edit.Value & 7));
                    break;
                case 2 when bytes.Count > length:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)edit.Value, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
