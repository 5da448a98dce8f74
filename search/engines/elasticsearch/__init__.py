"""Haystack over a current Elasticsearch, through the official client."""

from search.engines.elasticsearch.engine import ElasticsearchBackend, ElasticsearchEngine

__all__ = ["ElasticsearchBackend", "ElasticsearchEngine"]
