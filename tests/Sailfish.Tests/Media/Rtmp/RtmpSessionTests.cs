using System.Buffers;
using System.Text;
using Sailfish.Media;
using Sailfish.Media.Rtmp;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Rtmp;

public sealed class RtmpSessionTests
{
    private static readonly byte[] Media =
    [
        .. ChunkBytes.Message(4, 0, RtmpMessageType.DataAmf0, CommandBytes.Metadata(isSet: true)),
        .. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 60),
        .. ChunkBytes.Message(6, 0, RtmpMessageType.Video, [0x17, 0, 0, 0, 0, 1], 60),
        .. ChunkBytes.Message(4, 0, RtmpMessageType.Audio, [0xAF, 0, 0x12, 0x10], 60),
        .. ChunkBytes.Message(6, 40, RtmpMessageType.Video, [0x17, 1, 0, 0, 0, .. new byte[150]], 60),
        .. ChunkBytes.Message(4, 46, RtmpMessageType.Audio, [0xAF, 1, 9], 60),
    ];

    private static readonly string[] Tags =
    [
        $"Script 0 {Convert.ToHexString(CommandBytes.Metadata(isSet: false))}",
        "Video 0 170000000001",
        "Audio 0 AF001210",
        $"Video 40 1701000000{new string('0', 300)}",
        "Audio 46 AF0109",
    ];

    private static readonly byte[] End = ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Of("FCUnpublish", 7, "100001-key"), 60);

    private static byte[] Whole => [.. PublisherPeer.Handshake, .. PublisherPeer.Connecting(), .. Media, .. End];

    [Fact]
    public void Session_is_answered_as_publishing_programs_expect()
    {
        var peer = new PublisherPeer();
        peer.Send(Whole);
        string[] answers =
        [
            "WindowAcknowledgementSize 002625A0",
            "SetPeerBandwidth 002625A002",
            "0: \"_result\" 1 {fmsVer:\"FMS/3,0,1,123\",capabilities:31} {level:\"status\",code:\"NetConnection.Connect.Success\",description:\"Connected.\",objectEncoding:0,fourCcList:[\"avc1\",\"hvc1\",\"av01\",\"vp09\",\"vp08\",\"mp4a\",\"Opus\",\"ac-3\",\"ec-3\",\"fLaC\",\".mp3\"]}",
            "0: \"_result\" 2 null undefined",
            "0: \"_result\" 3 null undefined",
            "0: \"onFCPublish\" 0 null {level:\"status\",code:\"NetStream.Publish.Start\",description:\"Publish.\"}",
            "0: \"_result\" 4 null 1",
            "0: \"_result\" 5 null undefined",
            "UserControl 000000000001",
            "1: \"onStatus\" 0 null {level:\"status\",code:\"NetStream.Publish.Start\",description:\"Published.\"}",
            "1: \"onStatus\" 0 null {level:\"status\",code:\"NetStream.Unpublish.Success\",description:\"Ended.\"}",
        ];
        Assert.Equal(answers, peer.Answers());
        Assert.Equal(Tags, peer.Tags);
        Assert.Equal((1, RtmpPhase.Ended), (peer.Stops, peer.Session.Phase));
    }

    [Fact]
    public void Session_cut_at_every_byte_is_the_same()
    {
        var whole = Whole;
        var expected = After(whole);
        for (var cut = 0; cut <= whole.Length; cut++)
            Assert.Equal(expected, After(whole[..cut], whole[cut..]));
    }

    [Fact]
    public void Session_that_comes_byte_by_byte_is_the_same() =>
        Assert.Equal(After(Whole), After([.. Whole.Select(value => new[] { value })]));

    [Fact]
    public void Session_in_many_segments_is_the_same()
    {
        var peer = new PublisherPeer();
        var input = Sequences.ByteByByte(Whole);
        peer.Session.Receive(ref input);
        Assert.Equal(After(Whole), Describe(peer));
    }

    [Fact]
    public void App_and_stream_name_are_as_sent_and_in_no_text()
    {
        var peer = new PublisherPeer();
        peer.Send(PublisherPeer.Handshake);
        peer.Send(PublisherPeer.Connecting("live/7?key=seCret%20", "name?k=v&ü"));
        var asked = Assert.Single(peer.Asked);
        Assert.Equal(("live/7?key=seCret%20", "name?k=v&ü"), (asked.App, asked.StreamName));
        Assert.DoesNotContain("seCret", asked.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("name", asked.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_read_while_publish_is_pending()
    {
        var peer = new PublisherPeer(acceptsAtOnce: false);
        peer.Send([.. PublisherPeer.Handshake, .. PublisherPeer.Connecting()]);
        Assert.Equal(RtmpPhase.PublishPending, peer.Session.Phase);
        var input = new ReadOnlySequence<byte>(Media);
        peer.Session.Receive(ref input);
        Assert.Equal(Media.Length, input.Length);

        peer.Session.Accept();
        peer.Session.Receive(ref input);
        Assert.Equal(0, input.Length);
        Assert.Equal(Tags, peer.Tags);
    }

    [Fact]
    public void Refused_peer_is_told_why_and_not_listened_to()
    {
        var peer = new PublisherPeer(acceptsAtOnce: false);
        peer.Send([.. PublisherPeer.Handshake, .. PublisherPeer.Connecting()]);
        peer.Session.Refuse(RtmpStatus.PublishBadName, "The key is wrong.");
        Assert.Equal(RtmpPhase.Ended, peer.Session.Phase);
        Assert.Equal("1: \"onStatus\" 0 null {level:\"error\",code:\"NetStream.Publish.BadName\",description:\"The key is wrong.\"}", peer.Answers()[^1]);
        peer.Send([.. Media, 0xFF, 0xFF, 0xFF]);
        Assert.Empty(peer.Tags);
        Assert.Equal(0, peer.Stops);
        Assert.Throws<InvalidOperationException>(peer.Session.Accept);
    }

    [Fact]
    public void Publisher_is_refused_in_the_midst_of_its_media()
    {
        var peer = PublisherPeer.Publishing();
        peer.OnTag = () => peer.Session.Refuse(RtmpStatus.PublishBadName, "Taken over.");
        peer.Send(Media);
        Assert.Single(peer.Tags);
        Assert.Contains("Taken over.", peer.Answers()[^1], StringComparison.Ordinal);
        // Once is enough.
        var answers = peer.Answers().Count;
        peer.Session.Refuse(RtmpStatus.PublishDenied, "Again.");
        Assert.Equal(answers, peer.Answers().Count);
    }

    [Fact]
    public void Peer_that_has_not_connected_is_refused_without_a_word()
    {
        var peer = new PublisherPeer();
        peer.Send(PublisherPeer.Handshake);
        peer.Session.Refuse(RtmpStatus.PublishDenied, "The server ends.");
        Assert.Equal(PublisherPeer.HandshakeBytes, peer.Output.Length);
        Assert.Equal(RtmpPhase.Ended, peer.Session.Phase);
    }

    [Fact]
    public void Accept_is_for_who_asks()
    {
        Assert.Throws<InvalidOperationException>(new PublisherPeer().Session.Accept);
        Assert.Throws<InvalidOperationException>(PublisherPeer.Publishing().Session.Accept);
    }

    [Theory]
    [InlineData("FCUnpublish")]
    [InlineData("deleteStream")]
    [InlineData("closeStream")]
    public void Publisher_stops_once_by_any_of_three_commands(string command)
    {
        var peer = PublisherPeer.Publishing();
        peer.Send([.. PublisherPeer.Command(command, 8, 1), .. PublisherPeer.Command("deleteStream", 9, 1)]);
        Assert.Equal((1, RtmpPhase.Ended), (peer.Stops, peer.Session.Phase));
    }

    [Fact]
    public void What_is_stopped_before_it_is_published_was_another_stream()
    {
        var peer = new PublisherPeer();
        peer.Send([.. PublisherPeer.Handshake, .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect("live"))]);
        peer.Send([.. PublisherPeer.Command("FCUnpublish", 2, "x"), .. PublisherPeer.Command("deleteStream", 3, 1), .. PublisherPeer.Command("closeStream", 0)]);
        Assert.Equal((0, RtmpPhase.Connecting), (peer.Stops, peer.Session.Phase));
    }

    [Fact]
    public void Play_is_refused()
    {
        var peer = new PublisherPeer();
        peer.Send([.. PublisherPeer.Handshake, .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect("live"))]);
        peer.Send(ChunkBytes.Message(8, 0, RtmpMessageType.CommandAmf0, CommandBytes.Of("play", 0, "100001"), streamId: 1));
        Assert.Equal("1: \"onStatus\" 0 null {level:\"error\",code:\"NetStream.Play.Failed\",description:\"Nothing is played here.\"}", peer.Answers()[^1]);
        Assert.Equal(RtmpPhase.Ended, peer.Session.Phase);
    }

    [Fact]
    public void Commands_and_data_in_the_wrapper_of_AMF3_are_those_within()
    {
        var peer = new PublisherPeer();
        peer.Send(PublisherPeer.Handshake);
        peer.Send(ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf3, [0, .. CommandBytes.Connect("live")], streamId: 0));
        peer.Send(ChunkBytes.Message(8, 0, RtmpMessageType.CommandAmf3, [0, .. CommandBytes.Of("publish", 5, "key", "live")]));
        peer.Send(ChunkBytes.Message(4, 7, RtmpMessageType.DataAmf3, [0, .. CommandBytes.Metadata(isSet: true)]));
        Assert.Equal("key", Assert.Single(peer.Asked).StreamName);
        Assert.Equal($"Script 7 {Convert.ToHexString(CommandBytes.Metadata(isSet: false))}", Assert.Single(peer.Tags));
        Assert.Throws<MediaFormatException>(() => peer.Send(ChunkBytes.Message(4, 7, RtmpMessageType.DataAmf3, [])));
    }

    [Fact]
    public void Scripts_but_the_metadata_and_bodies_of_nothing_are_left_out()
    {
        var peer = PublisherPeer.Publishing();
        peer.Send(
        [
            .. ChunkBytes.Message(4, 0, RtmpMessageType.DataAmf0, CommandBytes.Of("onTextData", 0)),
            .. ChunkBytes.Message(4, 0, RtmpMessageType.DataAmf0, "\u0002\0\u000D@setDataFrame"u8.ToArray()),
            .. ChunkBytes.Message(4, 0, RtmpMessageType.DataAmf0, []),
            .. ChunkBytes.Message(4, 0, RtmpMessageType.DataAmf0, [0xFF]),
            .. ChunkBytes.Message(4, 0, RtmpMessageType.Audio, []),
            .. ChunkBytes.Message(4, 0, RtmpMessageType.Video, []),
            .. ChunkBytes.Message(4, 9, RtmpMessageType.DataAmf0, CommandBytes.Metadata(isSet: false)),
        ]);
        Assert.Equal($"Script 9 {Convert.ToHexString(CommandBytes.Metadata(isSet: false))}", Assert.Single(peer.Tags));
    }

    [Fact]
    public void Messages_and_commands_that_are_not_known_are_passed_over()
    {
        var peer = PublisherPeer.Publishing();
        var before = peer.Answers().Count;
        peer.Send(
        [
            .. ChunkBytes.Message(4, 0, RtmpMessageType.Aggregate, new byte[50]),
            .. ChunkBytes.Message(4, 0, (RtmpMessageType)19, new byte[50]),
            .. ChunkBytes.Message(4, 0, (RtmpMessageType)99, []),
            .. ChunkBytes.Control(RtmpMessageType.Acknowledgement, 1),
            .. ChunkBytes.Message(2, 0, RtmpMessageType.SetPeerBandwidth, [0]),
            .. PublisherPeer.Command("FCSubscribe", 11, "x"),
            .. PublisherPeer.Command("_error", 0),
        ]);
        Assert.Equal(before, peer.Answers().Count);
        Assert.Equal(RtmpPhase.Publishing, peer.Session.Phase);
    }

    [Fact]
    public void Ping_is_answered_with_its_time()
    {
        var peer = PublisherPeer.Publishing();
        peer.Send(ChunkBytes.Message(2, 0, RtmpMessageType.UserControl, [0, 6, 1, 2, 3, 4]));
        Assert.Equal("UserControl 000701020304", peer.Answers()[^1]);
        var answers = peer.Answers().Count;
        // The length of a buffer, and a ping without a time.
        peer.Send(ChunkBytes.Message(2, 0, RtmpMessageType.UserControl, [0, 3, 0, 0, 0, 1, 0, 0, 1, 0]));
        peer.Send(ChunkBytes.Message(2, 0, RtmpMessageType.UserControl, [0, 6]));
        Assert.Equal(answers, peer.Answers().Count);
    }

    [Fact]
    public void Bytes_are_acknowledged_at_half_of_the_window()
    {
        var peer = PublisherPeer.Publishing();
        var received = PublisherPeer.Handshake.Length + PublisherPeer.Connecting().Length;
        byte[] window = [.. ChunkBytes.Control(RtmpMessageType.WindowAcknowledgementSize, 20_000), .. ChunkBytes.Control(RtmpMessageType.WindowAcknowledgementSize, 0)];
        peer.Send(window);
        received += window.Length;
        Assert.DoesNotContain("Acknowledgement", peer.Answers()[^1], StringComparison.Ordinal);

        var audio = ChunkBytes.Message(4, 0, RtmpMessageType.Audio, new byte[100]);
        for (var sent = received; sent < 45_000; sent += audio.Length)
            peer.Send(audio);
        var acknowledged = peer.Answers().Where(answer => answer.StartsWith("Acknowledgement", StringComparison.Ordinal)).Select(answer => Convert.ToInt32(answer.Split(' ')[1], 16)).ToList();
        Assert.Equal(4, acknowledged.Count);
        for (var at = 0; at < acknowledged.Count; at++)
            Assert.InRange(acknowledged[at] - (at == 0 ? 0 : acknowledged[at - 1]), 10_000, 10_000 + audio.Length);
    }

    [Fact]
    public void Smallest_window_is_one_acknowledgement_for_what_comes_together()
    {
        var peer = PublisherPeer.Publishing();
        peer.Send(ChunkBytes.Control(RtmpMessageType.WindowAcknowledgementSize, 1));
        var before = peer.Output.Length;
        peer.Send([.. Enumerable.Repeat(ChunkBytes.Message(4, 0, RtmpMessageType.Audio, [1]), 1000).SelectMany(bytes => bytes)]);
        Assert.Equal(before + 16, peer.Output.Length);
    }

    [Theory]
    [InlineData("createStream")]
    [InlineData("publish")]
    [InlineData("unknown")]
    public void Command_before_connect_is_refused(string command)
    {
        var peer = new PublisherPeer();
        peer.Send(PublisherPeer.Handshake);
        Refused(peer, PublisherPeer.Command(command, 1, "x"));
    }

    [Fact]
    public void Second_connect_and_second_publish_are_refused()
    {
        Refused(PublisherPeer.Publishing(), ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect("live")));
        Refused(PublisherPeer.Publishing(), PublisherPeer.Command("publish", 9, "x", "live"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("003FF0000000000000")]
    [InlineData("020007707562")]
    public void Command_without_a_name_is_refused(string hex) =>
        Refused(PublisherPeer.Publishing(), ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, Convert.FromHexString(hex)));

    [Fact]
    public void Publish_without_a_name_asks_for_none()
    {
        var peer = new PublisherPeer(acceptsAtOnce: false);
        peer.Send([.. PublisherPeer.Handshake, .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, Encoding.ASCII.GetBytes("\u0002\0\u0007connect")), .. PublisherPeer.Command("publish", 0)]);
        Assert.Equal(("", ""), (peer.Asked[0].App, peer.Asked[0].StreamName));
    }

    [Theory]
    [InlineData((byte)RtmpMessageType.Audio)]
    [InlineData((byte)RtmpMessageType.Video)]
    [InlineData((byte)RtmpMessageType.DataAmf0)]
    public void Media_before_publish_are_refused(byte type)
    {
        var peer = new PublisherPeer();
        peer.Send([.. PublisherPeer.Handshake, .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect("live"))]);
        Refused(peer, ChunkBytes.Header0(4, 0, 10, (RtmpMessageType)type));
    }

    [Fact]
    public void Bytes_before_publish_are_counted()
    {
        // Of all kinds: commands, control messages that are obeyed in passing, and a body that never ends.
        byte[][] kinds =
        [
            PublisherPeer.Command("createStream", 1),
            ChunkBytes.Control(RtmpMessageType.SetChunkSize, 128),
            ChunkBytes.Message(3, 0, (RtmpMessageType)99, new byte[60_000]),
        ];
        foreach (var kind in kinds)
        {
            byte[] connect = ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect("live"));
            byte[] much = [.. connect, .. Enumerable.Repeat(kind, (65_536 / kind.Length) + 1).SelectMany(bytes => bytes)];
            var peer = new PublisherPeer();
            peer.Send(PublisherPeer.Handshake);
            peer.Send(much[..65_000]);
            Refused(peer, much[65_000..]);
            Assert.InRange(peer.Output.Length, 0, 8 * 65_536);
        }
    }

    [Fact]
    public void What_breaks_the_protocol_is_not_repeated_in_the_message()
    {
        const string secret = "s3cretKey";
        byte[][] broken =
        [
            [(byte)'s', .. Encoding.ASCII.GetBytes(secret)],
            [.. PublisherPeer.Handshake, .. PublisherPeer.Command(secret, 1, secret)],
            [.. PublisherPeer.Handshake, .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, [2, 0xFF, 0xFF, .. Encoding.ASCII.GetBytes(secret)])],
            [.. PublisherPeer.Handshake, .. PublisherPeer.Connecting(secret, secret), .. PublisherPeer.Command("publish", 9, secret)],
        ];
        foreach (var bytes in broken)
        {
            var refusal = Assert.Throws<MediaFormatException>(() => new PublisherPeer().Send(bytes));
            Assert.DoesNotContain(secret, refusal.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Session_takes_no_nulls()
    {
        var peer = new PublisherPeer();
        Assert.Throws<ArgumentNullException>(() => new RtmpSession(null!, new ArrayBufferWriter<byte>(), RtmpLimits.Default));
        Assert.Throws<ArgumentNullException>(() => new RtmpSession(peer, null!, RtmpLimits.Default));
        Assert.Throws<ArgumentNullException>(() => new RtmpSession(peer, new ArrayBufferWriter<byte>(), null!));
    }

    private static void Refused(PublisherPeer peer, byte[] bytes)
    {
        Assert.Throws<MediaFormatException>(() => peer.Send(bytes));
        Assert.Equal(RtmpPhase.Ended, peer.Session.Phase);
    }

    /// <summary>All that came of a session, but for the chance in the handshake.</summary>
    private static string After(params byte[][] pieces)
    {
        var peer = new PublisherPeer();
        foreach (var piece in pieces)
            peer.Send(piece);
        return Describe(peer);
    }

    private static string Describe(PublisherPeer peer) =>
        string.Join('\n', [peer.Session.Phase.ToString(), peer.Stops.ToString(System.Globalization.CultureInfo.InvariantCulture), .. peer.Tags, Convert.ToHexString(peer.Output[PublisherPeer.HandshakeBytes..])]);
}
